import sys


class Machine:
    def __init__(self):
        self.money = 0

    def stock(self, name, price, count):
        pass

    def coin(self, amount):
        return "money 0"

    def buy(self, name):
        return f"unknown {name}"

    def refund(self):
        return "back 0"


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
