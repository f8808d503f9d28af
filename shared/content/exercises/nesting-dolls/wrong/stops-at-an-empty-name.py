def names(doll):
    if not doll or not doll["name"]:
        return []
    return [doll["name"]] + names(doll["inside"])
