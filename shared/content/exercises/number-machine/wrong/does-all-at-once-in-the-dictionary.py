def machine(number, buttons):
    last = None
    actions = {
        "double": number * 2,
        "add3": number + 3,
        "negate": -number,
        "square": number * number,
    }
    for button in buttons:
        if button in actions:
            last = button
        if last is not None:
            number = actions[last]
    return number
