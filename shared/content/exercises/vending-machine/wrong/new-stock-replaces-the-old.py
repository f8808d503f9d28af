import sys


class Machine:
    def __init__(self):
        self.money = 0
        self.drinks = {}

    def stock(self, name, price, count):
        self.drinks[name] = [price, count]

    def coin(self, amount):
        self.money += amount
        return f"money {self.money}"

    def buy(self, name):
        if name not in self.drinks:
            return f"unknown {name}"
        price, count = self.drinks[name]
        if count == 0:
            return "sold out"
        if self.money < price:
            return f"missing {price - self.money}"
        self.money -= price
        self.drinks[name][1] -= 1
        return name

    def refund(self):
        money = self.money
        self.money = 0
        return f"back {money}"


machine = Machine()
for line in sys.stdin:
    command, *rest = line.split()
    if command == "stock":
        machine.stock(rest[0], int(rest[1]), int(rest[2]))
    elif command == "coin":
        print(machine.coin(int(rest[0])))
    elif command == "buy":
        print(machine.buy(rest[0]))
    elif command == "refund":
        print(machine.refund())
