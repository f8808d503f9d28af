width, length = map(int, input().split())

knitted = 0
for row in range(1, length + 1):
    if width == 0:
        break
    if row % 3 == 0:
        print("=" * width)
        continue
    for stitch in range(width):
        print("#" if (knitted + stitch) % 2 == 0 else ".", end=" ")
    print()
    knitted += 1
