def days_to_save(goal, first, more):
    if goal <= 0:
        return 0
    if first == 0 and more == 0:
        return -1
    day = 0
    bank = 0
    coin = first
    while bank < goal:
        day += 1
        coin += more
        bank += coin
    return day
