actions = {
    "double": lambda n: n * 2,
    "add3": lambda n: n + 3,
    "negate": lambda n: -n,
    "square": lambda n: n * n,
}


def machine(number, buttons):
    result = number
    last = None
    for button in buttons:
        if button in actions:
            last = actions[button]
        elif button != "again":
            continue
        if last is not None:
            result = last(number)
    return result
