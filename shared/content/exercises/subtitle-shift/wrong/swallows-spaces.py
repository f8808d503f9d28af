import re
import sys

seconds = int(input())

stays = True
for line in sys.stdin:
    line = line.strip()
    if re.match(r"\d\d:\d\d ", line):
        words = line.split()
        minute, second = words[0].split(":")
        time = int(minute) * 60 + int(second) + seconds
        stays = time >= 0
        line = f"{time // 60:02d}:{time % 60:02d} " + " ".join(words[1:])
    if stays:
        print(line)
