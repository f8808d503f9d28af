def place(words, goal):
    if goal in words:
        return words.index(goal)
    return len(words)
