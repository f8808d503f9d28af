from itertools import permutations


def rows(names, rivals):
    found = []
    for row in permutations(names):
        if all({a, b} != set(rivals) for a, b in zip(row, row[1:])):
            found.append("-".join(row))
    return found
