import math
import sys


class Slice:
    def __init__(self, top, bottom):
        common = math.gcd(top, bottom)
        self.top = int(top / common)
        self.bottom = int(bottom / common)

    def __add__(self, other):
        top = self.top * other.bottom + other.top * self.bottom
        return Slice(top, self.bottom * other.bottom)

    def __sub__(self, other):
        return self + Slice(-other.top, other.bottom)

    def __eq__(self, other):
        return self.top == other.top and self.bottom == other.bottom

    def __lt__(self, other):
        return self.top * other.bottom < other.top * self.bottom

    def __str__(self):
        return str(self.top) if self.bottom == 1 else f"{self.top}/{self.bottom}"


def read(text):
    top, bottom = text.split("/")
    return Slice(int(top), int(bottom))


for line in sys.stdin:
    left, sign, right = line.split()
    a = read(left)
    b = read(right)
    if sign == "+":
        print(a + b)
    elif sign == "-":
        print(a - b)
    elif sign == "==":
        print(a == b)
    else:
        print(a < b)
