def for_the_market(found, asked):
    market = []
    for thing in found:
        market.append(thing)
    return market
