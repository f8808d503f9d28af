import math
import sys


class Slice:
    def __init__(self, top, bottom):
        self.top = top
        self.bottom = bottom

    def __str__(self):
        return f"{self.top}/{self.bottom}"


# This part is finished.
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
