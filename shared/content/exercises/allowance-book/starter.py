import csv
import io


def totals(text):
    sums = {}
    file = io.StringIO(text)
    for line in file:
        print(line)
    return sums
