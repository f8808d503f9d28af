def ways(n):
    count = 0
    for threes in range(n // 3 + 1):
        for twos in range((n - 3 * threes) // 2 + 1):
            count += 1
    return count
