import csv
import io


def totals(text):
    sums = {}
    for row in csv.reader(io.StringIO(text)):
        if row and row[1] != "name":
            sums[row[1]] = sums.get(row[1], 0) + int(row[2])
    return sums
