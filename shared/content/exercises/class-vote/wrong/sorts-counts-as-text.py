import sys

votes = {}
for line in sys.stdin:
    place = line.strip()
    if place:
        votes[place] = votes.get(place, 0) + 1

places = sorted(votes)
places.sort(key=lambda place: str(votes[place]), reverse=True)
for place in places:
    print(f"{place}: {votes[place]}")
if not votes:
    print("no votes")
