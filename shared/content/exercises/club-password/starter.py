import random

club = input()
digit = random.randint(0, 9)

print(club, digit)
