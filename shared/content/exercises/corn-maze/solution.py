import sys
from collections import deque

grid = sys.stdin.read().split()
height = len(grid)
width = len(grid[0])


def find(letter):
    for row in range(height):
        for column in range(width):
            if grid[row][column] == letter:
                return row, column


start = find("S")
goal = find("G")

steps = {start: 0}
queue = deque([start])
while queue:
    row, column = queue.popleft()
    for cell in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
        if not (0 <= cell[0] < height and 0 <= cell[1] < width):
            continue
        if grid[cell[0]][cell[1]] == "#" or cell in steps:
            continue
        steps[cell] = steps[row, column] + 1
        queue.append(cell)

print(steps.get(goal, "no way"))
