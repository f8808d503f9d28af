import sys

votes = {}
for line in sys.stdin:
    words = line.split()
    if words:
        votes[words[0]] = votes.get(words[0], 0) + 1

for place in sorted(votes, key=lambda place: (-votes[place], place)):
    print(f"{place}: {votes[place]}")
if not votes:
    print("no votes")
