first = input()
second = input()
third = input()

first = third
second = first
third = second

print(first)
print(second)
print(third)
