def turn(plan):
    size = len(plan)
    turned = []
    for c in range(size):
        turned.append([plan[r][c] for r in range(size - 1, -1, -1)])
    return turned
