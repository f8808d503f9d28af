def which_lift(a, b, me):
    if b < a:
        return "B"
    return "A"
