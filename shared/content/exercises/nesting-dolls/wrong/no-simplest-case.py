def names(doll):
    return [doll["name"]] + names(doll["inside"])
