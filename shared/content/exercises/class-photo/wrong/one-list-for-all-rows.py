def rows(names, rivals):
    found = []
    row = []

    def extend(waiting):
        if not waiting:
            found.append(row)
        for name in waiting:
            if row and {row[-1], name} == set(rivals):
                continue
            row.append(name)
            extend([other for other in waiting if other != name])
            row.pop()

    if names:
        extend(names)
    return ["-".join(row) for row in found]
