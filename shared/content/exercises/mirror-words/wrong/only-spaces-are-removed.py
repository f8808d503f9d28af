import sys

for line in sys.stdin:
    clean = line.strip().lower().replace(" ", "").replace(",", "").replace("!", "")
    print("enter" if clean == clean[::-1] else "stay outside")
