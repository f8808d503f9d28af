def names(doll):
    return [doll["name"]]
