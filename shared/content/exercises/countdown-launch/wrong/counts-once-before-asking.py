n = int(input())

while True:
    print(n)
    n = n - 1
    if n <= 0:
        break
print("Launch")
