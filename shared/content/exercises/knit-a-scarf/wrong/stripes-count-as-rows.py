width, length = map(int, input().split())

if width > 0:
    for row in range(1, length + 1):
        if row % 3 == 0:
            print("=" * width)
        else:
            line = ""
            for stitch in range(width):
                line += "#" if (row + stitch) % 2 == 1 else "."
            print(line)
