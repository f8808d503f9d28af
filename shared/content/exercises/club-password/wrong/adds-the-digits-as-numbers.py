import random

club = input().strip().capitalize()
number = 0
for _ in range(4):
    number += random.randint(0, 9)
print(f"{club}-{number}")
