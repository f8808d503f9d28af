import sys

for line in sys.stdin:
    clean = "".join(ch for ch in line.lower() if ch.isalpha())
    print("enter" if clean == clean[::-1] else "stay outside")
