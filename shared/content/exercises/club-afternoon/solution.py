import sys

clubs = []
for line in sys.stdin:
    name, start, end = line.split()
    clubs.append((int(end), int(start), name))

free_from = 0
for end, start, name in sorted(clubs):
    if start >= free_from:
        print(name)
        free_from = end
