first = input()
second = input()
third = input()

print(third, first, second)
