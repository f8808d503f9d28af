actions = {
    "double": lambda n: n * 2,
    "add3": lambda n: n + 3,
    "negate": lambda n: -n,
    "square": lambda n: n * n,
}


def machine(number, buttons):
    for i, button in enumerate(buttons):
        if button == "again" and i > 0:
            button = buttons[i - 1]
        if button in actions:
            number = actions[button](number)
    return number
