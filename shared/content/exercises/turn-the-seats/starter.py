def turn(plan):
    turned = []
    for row in plan:
        turned.append(row)
    return turned
