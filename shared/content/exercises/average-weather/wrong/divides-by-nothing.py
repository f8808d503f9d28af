def average_temperature(readings, unit):
    celsius = sum(readings) / len(readings)
    if unit == "F":
        return celsius * 1.8 + 32
    return celsius
