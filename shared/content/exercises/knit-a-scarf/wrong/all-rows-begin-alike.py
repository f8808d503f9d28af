width, length = map(int, input().split())

for row in range(1, length + 1):
    if width == 0:
        break
    if row % 3 == 0:
        print("=" * width)
    else:
        line = ""
        for stitch in range(width):
            line += "#" if stitch % 2 == 0 else "."
        print(line)
