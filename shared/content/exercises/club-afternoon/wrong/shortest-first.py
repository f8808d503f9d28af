import sys

clubs = []
for line in sys.stdin:
    name, start, end = line.split()
    clubs.append((int(end) - int(start), int(start), int(end), name))

visited = []
for _, start, end, name in sorted(clubs):
    if all(end <= other_start or start >= other_end for other_start, other_end in visited):
        print(name)
        visited.append((start, end))
