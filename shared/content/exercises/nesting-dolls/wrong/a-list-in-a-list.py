def names(doll):
    if doll is None:
        return []
    result = [doll["name"]]
    if doll["inside"] is not None:
        result.append(names(doll["inside"]))
    return result
