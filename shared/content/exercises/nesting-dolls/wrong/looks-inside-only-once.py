def names(doll):
    if doll is None:
        return []
    if doll["inside"] is None:
        return [doll["name"]]
    return [doll["name"], doll["inside"]["name"]]
