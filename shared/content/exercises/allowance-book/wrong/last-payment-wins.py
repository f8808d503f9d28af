import csv
import io


def totals(text):
    sums = {}
    reader = csv.reader(io.StringIO(text))
    next(reader)
    for row in reader:
        if row:
            sums[row[1]] = int(row[2])
    return sums
