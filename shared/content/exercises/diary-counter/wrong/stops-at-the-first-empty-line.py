import sys

lines = 0
empty = 0
longest = 0
while True:
    line = sys.stdin.readline().rstrip("\n")
    if line == "":
        break
    lines += 1
    if line.strip() == "":
        empty += 1
    longest = max(longest, len(line))

print("lines:", lines)
print("empty:", empty)
print("longest:", longest)
