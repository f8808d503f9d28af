def for_the_market(found, asked):
    for thing in found:
        if thing in asked:
            found.remove(thing)
    return list(set(found))
