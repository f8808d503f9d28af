import sys

votes = {}
for line in sys.stdin:
    place = line.strip()
    votes[place] = 1

for place in votes:
    print(f"{place}: {votes[place]}")
