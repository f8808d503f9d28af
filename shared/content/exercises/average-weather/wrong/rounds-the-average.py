def average_temperature(readings, unit):
    if not readings:
        return 0.0
    celsius = round(sum(readings) / len(readings), 1)
    if unit == "F":
        return celsius * 1.8 + 32
    return celsius
