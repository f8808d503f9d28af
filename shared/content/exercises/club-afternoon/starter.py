import sys

clubs = []
for line in sys.stdin:
    name, start, end = line.split()
    clubs.append((name, int(start), int(end)))

for name, start, end in clubs:
    print(name)
