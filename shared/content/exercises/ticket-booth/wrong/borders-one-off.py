def ticket_price(age, day):
    if age <= 6:
        price = 0
    elif age < 18:
        price = 5000
    elif age < 65:
        price = 9000
    else:
        price = 4000
    if day == "wed" and price > 0:
        price -= 1000
    return price
