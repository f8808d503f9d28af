first = input()
second = input()
third = input()

keep = first
first = third
third = keep

print(first)
print(second)
print(third)
