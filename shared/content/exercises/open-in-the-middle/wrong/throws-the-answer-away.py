def place(words, goal):
    low = 0
    high = len(words) - 1
    while low < high:
        middle = (low + high) // 2
        if words[middle] < goal:
            low = middle + 1
        else:
            high = middle - 1
    return low
