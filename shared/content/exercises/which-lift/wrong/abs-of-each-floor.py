def which_lift(a, b, me):
    far_a = abs(abs(a) - abs(me))
    far_b = abs(abs(b) - abs(me))
    if far_a < far_b:
        return "A"
    if far_b < far_a:
        return "B"
    return "B" if b < a else "A"
