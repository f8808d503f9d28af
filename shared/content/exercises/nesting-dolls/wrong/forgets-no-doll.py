def names(doll):
    if doll["inside"] is None:
        return [doll["name"]]
    return [doll["name"]] + names(doll["inside"])
