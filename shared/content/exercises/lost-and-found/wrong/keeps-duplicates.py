def for_the_market(found, asked):
    market = []
    for thing in found:
        if thing not in asked:
            market.append(thing)
    return market
