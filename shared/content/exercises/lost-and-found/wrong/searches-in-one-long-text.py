def for_the_market(found, asked):
    everything = " ".join(asked)
    market = []
    for thing in found:
        if thing not in everything and thing not in market:
            market.append(thing)
    return market
