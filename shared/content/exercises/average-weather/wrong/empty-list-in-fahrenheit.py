def average_temperature(readings, unit):
    celsius = 0.0
    if readings:
        celsius = sum(readings) / len(readings)
    if unit == "F":
        return celsius * 1.8 + 32
    return celsius
