width, length = map(int, input().split())

for row in range(1, length + 1):
    print("#" * width)
