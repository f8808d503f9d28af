import sys

clubs = []
for line in sys.stdin:
    name, start, end = line.split()
    clubs.append((end, start, name))

free_from = ""
for end, start, name in sorted(clubs):
    if start >= free_from:
        print(name)
        free_from = end
