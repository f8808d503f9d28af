def place(words, goal):
    low = 0
    high = len(words)
    while low < high:
        middle = (low + high) // 2
        # Which half can be thrown away?
        high = middle
    return low
