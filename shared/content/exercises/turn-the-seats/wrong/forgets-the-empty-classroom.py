def turn(plan):
    height = len(plan)
    width = len(plan[0])
    turned = [[None] * height for _ in range(width)]
    for r in range(height):
        for c in range(width):
            turned[c][height - 1 - r] = plan[r][c]
    return turned
