def days_to_save(goal, first, more):
    if first == 0 and more == 0:
        return -1
    day = 0
    bank = 0
    coin = first
    while bank < goal:
        day += 1
        bank += coin
        coin += more
    return day
