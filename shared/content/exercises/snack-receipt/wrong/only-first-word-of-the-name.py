name = input().split()[0]
price = int(input())
pieces = int(input())

print(f"{name} x {pieces} = {price * pieces} won")
