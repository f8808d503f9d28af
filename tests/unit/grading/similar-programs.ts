/** One exercise (median and mean of numbers on stdin), solved by people who know nothing of each other. */
export const original = `import sys

def read_numbers():
    numbers = []
    for line in sys.stdin:
        for part in line.split():
            numbers.append(int(part))
    return numbers

def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2

def mean(values):
    total = 0
    for value in values:
        total += value
    return total / len(values)

numbers = read_numbers()
if not numbers:
    print("nothing")
else:
    print(median(numbers))
    print(round(mean(numbers), 2))
`;

/** The original in disguise. */
export const disguised = `# my own work!
import sys

def avg(xs):
    """Computes the average."""
    s = 0
    # add everything
    for x in xs:
        s += x
    return s / len(xs)

def med(lst):
    srt = sorted(lst)

    m = (len(srt) // 2)
    if (len(srt) % 2 == 1):
        return srt[m]
    return (srt[m - 1] + srt[m]) / 2

def inp() -> list:
    out = []
    for row in sys.stdin:
        for tok in row.split():
            out.append(int(tok))
    return out

data = inp()
if not data:
    print('empty')
else:
    print(med(data))
    print(round(avg(data), 3))
`;

export const honest = [
  `data = [int(x) for x in open(0).read().split()]
data.sort()
n = len(data)
if n == 0:
    print("nothing")
    exit()
if n % 2:
    m = data[n // 2]
else:
    m = (data[n // 2 - 1] + data[n // 2]) / 2
print(m)
print(round(sum(data) / n, 2))
`,
  `from statistics import median, mean

def main():
    values = []
    while True:
        try:
            line = input()
        except EOFError:
            break
        values += map(int, line.split())
    if len(values) == 0:
        print("nothing")
        return
    print(median(values))
    print(round(mean(values), 2))

main()
`,
  `import sys

nums = sorted(map(int, sys.stdin.read().split()))
def med(a):
    h = len(a) // 2
    return a[h] if len(a) % 2 else (a[h - 1] + a[h]) / 2

if nums:
    print(med(nums))
    print(round(sum(nums) / len(nums), 2))
else:
    print("nothing")
`,
  `import sys

def main():
    numbers = []
    for line in sys.stdin:
        for word in line.split():
            numbers.append(int(word))
    if not numbers:
        print("nothing")
        return
    numbers.sort()
    count = len(numbers)
    half = count // 2
    if count % 2 == 0:
        result = (numbers[half] + numbers[half - 1]) / 2
    else:
        result = numbers[half]
    print(result)
    average = 0
    for number in numbers:
        average += number
    average /= count
    print(round(average, 2))

if __name__ == "__main__":
    main()
`,
] as const;
