def ticket_price(age, day):
    price = 0
    if age >= 6:
        price = 5000
    if age >= 65:
        price = 4000
    if age >= 19:
        price = 9000
    if day == "wed" and price > 0:
        price -= 1000
    return price
