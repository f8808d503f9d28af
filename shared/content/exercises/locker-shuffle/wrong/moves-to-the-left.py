first = input()
second = input()
third = input()

first, second, third = second, third, first

print(first)
print(second)
print(third)
