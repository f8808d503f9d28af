first = input()
second = input()
third = input()

# Move the things here.

print(first)
print(second)
print(third)
