def place(words, goal):
    low = 0
    high = len(words)
    while low < high:
        middle = (low + high) // 2
        if words[middle] == goal:
            return middle
        if words[middle] < goal:
            low = middle + 1
        else:
            high = middle
    return low
