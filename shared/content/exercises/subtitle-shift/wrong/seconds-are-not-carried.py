import re
import sys

seconds = int(input())

for line in sys.stdin:
    line = line.rstrip("\n")
    if re.match(r"\d\d:\d\d ", line):
        line = f"{line[:2]}:{int(line[3:5]) + seconds:02d}{line[5:]}"
    print(line)
