n = int(input())

for number in range(n - 1, 0, -1):
    print(number)
print("Launch")
