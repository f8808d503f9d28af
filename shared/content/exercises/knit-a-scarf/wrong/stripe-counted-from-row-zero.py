width, length = map(int, input().split())

knitted = 0
for row in range(length):
    if width == 0:
        break
    if row % 3 == 0:
        print("=" * width)
        continue
    line = ""
    for stitch in range(width):
        line += "#" if (knitted + stitch) % 2 == 0 else "."
    print(line)
    knitted += 1
