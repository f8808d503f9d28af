name = input()
price = float(input())
pieces = int(input())

print(f"{name} x {pieces} = {price * pieces} won")
