def ticket_price(age, day):
    price = 9000
    return price
