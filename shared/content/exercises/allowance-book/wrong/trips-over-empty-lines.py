import csv
import io


def totals(text):
    sums = {}
    reader = csv.reader(io.StringIO(text))
    next(reader)
    for date, name, amount in reader:
        sums[name] = sums.get(name, 0) + int(amount)
    return sums
