def days_to_save(goal, first, more):
    day = 0
    bank = 0
    # Save until it is enough.
    return day
