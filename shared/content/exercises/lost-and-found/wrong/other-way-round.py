def for_the_market(found, asked):
    return list(set(asked) - set(found))
