def average_temperature(readings, unit):
    total = sum(readings)
    return total
