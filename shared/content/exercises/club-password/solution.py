import random

club = input().strip().capitalize()
number = random.randint(0, 9999)

print(f"{club}-{number:04d}")
