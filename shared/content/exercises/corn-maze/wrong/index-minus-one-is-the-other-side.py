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
    for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
        try:
            free = grid[r][c] != "#"
        except IndexError:
            continue
        cell = (r % height, c % width)
        if free and cell not in steps:
            steps[cell] = steps[row, column] + 1
            queue.append(cell)

print(steps.get(goal, "no way"))
