def double(number):
    return number * 2


def add3(number):
    return number + 3


def negate(number):
    return -number


def square(number):
    return number * number


actions = {"double": double, "add3": add3, "negate": negate, "square": square}


def machine(number, buttons):
    last = None
    for button in buttons:
        if button in actions:
            last = actions[button]
        elif button != "again":
            continue
        if last is not None:
            number = last(number)
    return number
