import sys

votes = {}
for line in sys.stdin:
    place = line.strip()
    if place:
        votes[place] = votes.get(place, 0) + 1

for count, place in sorted(((votes[p], p) for p in votes), reverse=True):
    print(f"{place}: {count}")
if not votes:
    print("no votes")
