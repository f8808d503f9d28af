import sys

votes = {}
for line in sys.stdin:
    place = line.strip()
    if place:
        votes[place] = votes.get(place, 0) + 1

for place in sorted(votes, key=lambda place: -votes[place]):
    print(f"{place}: {votes[place]}")
if not votes:
    print("no votes")
