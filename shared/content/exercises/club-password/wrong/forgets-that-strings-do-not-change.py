import random

club = input()
club.strip()
club.capitalize()
print(f"{club}-{random.randint(0, 9999):04d}")
