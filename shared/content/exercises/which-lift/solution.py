def which_lift(a, b, me):
    far_a = abs(a - me)
    far_b = abs(b - me)
    if far_a < far_b:
        return "A"
    if far_b < far_a:
        return "B"
    return "B" if b < a else "A"
