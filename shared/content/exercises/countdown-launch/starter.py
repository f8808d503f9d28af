n = int(input())

for number in range(n):
    print(number)
