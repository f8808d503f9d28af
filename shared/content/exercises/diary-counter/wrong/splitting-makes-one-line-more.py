import sys

lines = sys.stdin.read().split("\n")
empty = [line for line in lines if line.strip() == ""]

print("lines:", len(lines))
print("empty:", len(empty))
print("longest:", max(len(line) for line in lines))
