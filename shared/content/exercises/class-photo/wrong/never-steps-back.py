def rows(names, rivals):
    found = []

    def extend(row, waiting):
        if not waiting:
            found.append("-".join(row))
        for name in waiting:
            if row and {row[-1], name} == set(rivals):
                continue
            row.append(name)
            extend(row, [other for other in waiting if other != name])

    if names:
        extend([], names)
    return found
