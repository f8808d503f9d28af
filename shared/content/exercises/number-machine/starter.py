def double(number):
    return number * 2


actions = {"double": double}


def machine(number, buttons):
    return number
