import sys

grid = sys.stdin.read().split()
height = len(grid)
width = len(grid[0])

for row in range(height):
    for column in range(width):
        if grid[row][column] == "S":
            start = (row, column)

print("no way")
