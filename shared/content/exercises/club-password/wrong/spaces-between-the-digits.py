import random

club = input().strip().capitalize()
print(club + "-", end="")
print(random.randint(0, 9), random.randint(0, 9), random.randint(0, 9), random.randint(0, 9))
