actions = {
    "double": lambda n: n * 2,
    "add3": lambda n: n + 3,
    "negate": lambda n: -n,
    "square": lambda n: n * n,
}


def machine(number, buttons):
    last = None
    for button in buttons:
        if button != "again":
            last = actions[button]
        if last is not None:
            number = last(number)
    return number
