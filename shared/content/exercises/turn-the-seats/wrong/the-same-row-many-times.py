def turn(plan):
    if not plan:
        return []
    height = len(plan)
    width = len(plan[0])
    turned = [[None] * height] * width
    for r in range(height):
        for c in range(width):
            turned[c][height - 1 - r] = plan[r][c]
    return turned
