def names(doll):
    if doll is None:
        return []
    return [doll["name"]] + names(doll["inside"])
