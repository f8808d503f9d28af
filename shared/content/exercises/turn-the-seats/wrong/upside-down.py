def turn(plan):
    return [row[::-1] for row in plan[::-1]]
