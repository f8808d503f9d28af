import re
import sys

seconds = int(input())

stays = True
for line in sys.stdin:
    line = line.rstrip("\n")
    if re.match(r"\d\d:\d\d ", line):
        time = int(line[:2]) * 60 + int(line[3:5]) + seconds
        stays = time > 0
        line = f"{time // 60:02d}:{time % 60:02d}{line[5:]}"
    if stays:
        print(line)
