import sys

clubs = []
for line in sys.stdin:
    name, start, end = line.split()
    clubs.append((int(end), int(start), name))

free_from = 0
count = 0
for end, start, name in sorted(clubs):
    if start >= free_from:
        count += 1
        free_from = end
print(count)
