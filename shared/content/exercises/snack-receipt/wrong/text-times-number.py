name = input()
price = input()
pieces = int(input())

# "1500" * 3 is "150015001500"
print(f"{name} x {pieces} = {price * pieces} won")
