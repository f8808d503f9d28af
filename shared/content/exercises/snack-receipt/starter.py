name = input()
price = input()
pieces = input()

print(name)
