def totals(text):
    sums = {}
    for line in text.splitlines()[1:]:
        if line:
            parts = line.split(",")
            name = parts[1].strip('"')
            sums[name] = sums.get(name, 0) + int(parts[-1])
    return sums
