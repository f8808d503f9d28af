def for_the_market(found, asked):
    return list(set(found) ^ set(asked))
