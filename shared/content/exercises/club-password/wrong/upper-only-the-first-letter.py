import random

club = input().strip()
club = club[0].upper() + club[1:]
print(f"{club}-{random.randint(0, 9999):04d}")
