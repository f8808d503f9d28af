from itertools import permutations


def rows(names, rivals):
    if not names:
        return []
    calm = [name for name in names if name not in rivals]
    return ["-".join(row) for row in permutations(calm)]
