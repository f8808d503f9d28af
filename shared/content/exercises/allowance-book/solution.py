import csv
import io


def totals(text):
    sums = {}
    reader = csv.reader(io.StringIO(text))
    next(reader)
    for row in reader:
        if row:
            _, name, amount = row
            sums[name] = sums.get(name, 0) + int(amount)
    return sums
