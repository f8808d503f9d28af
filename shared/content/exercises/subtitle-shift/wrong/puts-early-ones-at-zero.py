import re
import sys

seconds = int(input())

for line in sys.stdin:
    line = line.rstrip("\n")
    if re.match(r"\d\d:\d\d ", line):
        time = max(0, int(line[:2]) * 60 + int(line[3:5]) + seconds)
        line = f"{time // 60:02d}:{time % 60:02d}{line[5:]}"
    print(line)
