width, length = map(int, input().split())

knitted = 0
for row in range(1, length + 1):
    if row % 3 == 0:
        print("=" * width)
        continue
    line = ""
    for stitch in range(width):
        line += "#" if (knitted + stitch) % 2 == 0 else "."
    print(line)
    knitted += 1
