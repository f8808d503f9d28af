def which_lift(a, b, me):
    if abs(a - me) <= abs(b - me):
        return "A"
    return "B"
