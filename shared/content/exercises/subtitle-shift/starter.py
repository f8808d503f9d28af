import sys

seconds = int(input())

for line in sys.stdin:
    line = line.rstrip("\n")
    print(line)
