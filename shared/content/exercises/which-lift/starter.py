def which_lift(a, b, me):
    return "A"
