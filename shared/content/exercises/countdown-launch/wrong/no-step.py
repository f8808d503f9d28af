n = int(input())

for number in range(n, 0):
    print(number)
print("Launch")
