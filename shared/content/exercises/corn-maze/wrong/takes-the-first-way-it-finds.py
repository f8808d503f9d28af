import sys

grid = sys.stdin.read().split()
height = len(grid)
width = len(grid[0])
for row in range(height):
    for column in range(width):
        if grid[row][column] == "S":
            start = (row, column)
        if grid[row][column] == "G":
            goal = (row, column)

# A stack instead of a queue: the last cell is taken first.
steps = {start: 0}
stack = [start]
while stack:
    row, column = stack.pop()
    for cell in ((row, column + 1), (row, column - 1), (row + 1, column), (row - 1, column)):
        if not (0 <= cell[0] < height and 0 <= cell[1] < width):
            continue
        if grid[cell[0]][cell[1]] == "#" or cell in steps:
            continue
        steps[cell] = steps[row, column] + 1
        stack.append(cell)

print(steps.get(goal, "no way"))
