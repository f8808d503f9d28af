def ways(n):
    if n <= 1:
        return 1
    return n
