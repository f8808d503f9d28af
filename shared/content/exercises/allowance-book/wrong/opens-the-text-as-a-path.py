import csv


def totals(text):
    sums = {}
    with open(text) as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            if row:
                sums[row[1]] = sums.get(row[1], 0) + int(row[2])
    return sums
