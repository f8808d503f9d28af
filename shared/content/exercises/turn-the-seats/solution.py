def turn(plan):
    if not plan:
        return []
    height = len(plan)
    width = len(plan[0])
    return [[plan[r][c] for r in range(height - 1, -1, -1)] for c in range(width)]
