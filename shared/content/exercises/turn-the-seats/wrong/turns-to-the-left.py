def turn(plan):
    if not plan:
        return []
    return [[row[c] for row in plan] for c in range(len(plan[0]) - 1, -1, -1)]
