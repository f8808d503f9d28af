import sys

grid = sys.stdin.read().split()
for row in range(len(grid)):
    for column in range(len(grid[0])):
        if grid[row][column] == "S":
            start = (row, column)
        if grid[row][column] == "G":
            goal = (row, column)

print(abs(start[0] - goal[0]) + abs(start[1] - goal[1]))
