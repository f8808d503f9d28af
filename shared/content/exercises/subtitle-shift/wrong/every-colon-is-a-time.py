import sys

seconds = int(input())

stays = True
for line in sys.stdin:
    line = line.rstrip("\n")
    if ":" in line[:5]:
        minute, rest = line.split(":", 1)
        time = int(minute) * 60 + int(rest[:2]) + seconds
        stays = time >= 0
        line = f"{time // 60:02d}:{time % 60:02d}{rest[2:]}"
    if stays:
        print(line)
