import sys
from collections import deque

grid = sys.stdin.read().split()
height = len(grid)
width = len(grid[0])
for row in range(height):
    for column in range(width):
        if grid[row][column] == "S":
            start = (row, column)
        if grid[row][column] == "G":
            goal = (row, column)

steps = {start: 0}
queue = deque([start])
while queue:
    row, column = queue.popleft()
    for r in range(row - 1, row + 2):
        for c in range(column - 1, column + 2):
            if 0 <= r < height and 0 <= c < width and grid[r][c] != "#" and (r, c) not in steps:
                steps[r, c] = steps[row, column] + 1
                queue.append((r, c))

print(steps.get(goal, "no way"))
