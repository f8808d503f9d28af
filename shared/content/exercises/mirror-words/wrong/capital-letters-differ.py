import sys

for line in sys.stdin:
    clean = "".join(ch for ch in line if ch.isalnum())
    print("enter" if clean == clean[::-1] else "stay outside")
