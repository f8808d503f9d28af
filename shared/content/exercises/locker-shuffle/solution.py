first = input()
second = input()
third = input()

first, second, third = third, first, second

print(first)
print(second)
print(third)
