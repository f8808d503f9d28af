def names(doll):
    result = []
    if doll is not None:
        result.append(doll["name"])
        names(doll["inside"])
    return result
