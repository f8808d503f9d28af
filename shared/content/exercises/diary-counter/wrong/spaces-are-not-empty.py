import sys

lines = 0
empty = 0
longest = 0
for line in sys.stdin:
    line = line.rstrip("\n")
    lines += 1
    if line == "":
        empty += 1
    longest = max(longest, len(line))

print("lines:", lines)
print("empty:", empty)
print("longest:", longest)
