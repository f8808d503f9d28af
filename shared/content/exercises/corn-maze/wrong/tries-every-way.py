import sys

grid = sys.stdin.read().split()
height = len(grid)
width = len(grid[0])
for row in range(height):
    for column in range(width):
        if grid[row][column] == "S":
            start = (row, column)


def shortest(row, column, walked):
    if not (0 <= row < height and 0 <= column < width):
        return None
    if grid[row][column] == "#" or (row, column) in walked:
        return None
    if grid[row][column] == "G":
        return len(walked)
    best = None
    for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
        way = shortest(r, c, walked + [(row, column)])
        if way is not None and (best is None or way < best):
            best = way
    return best


answer = shortest(*start, [])
print("no way" if answer is None else answer)
