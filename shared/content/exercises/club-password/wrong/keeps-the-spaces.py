import random

club = input().capitalize()
print(f"{club}-{random.randint(0, 9999):04d}")
