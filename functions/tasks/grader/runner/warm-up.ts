import { defaultLimits } from '#shared/domain/grading/limits.ts';
import type { TestInput } from '#shared/domain/grading/types.ts';

/**
 * Run once in each new process, whose code is compiled when it is first called: without this the first learner's program
 * would pay for it out of its CPU time. It does a little of what programs do, and fails, since errors are written too.
 */
export const warmUpProgram = `
import re, json, random
from dataclasses import dataclass
from collections import Counter, defaultdict, deque

@dataclass(order=True)
class Point:
    x: int
    y: float = 0.5

def squares(n):
    for i in range(n):
        yield i * i

words = input().split()
text = ' '.join(sorted(words, key=len)).title().replace('a', 'b')
counts = Counter(text)
grid = [[x * y for x in range(9)] for y in range(9)]
points = sorted(Point(random.randrange(9), y / 3) for y in range(9))
print(f'{text!r:>20} {sum(squares(99)) / 7:.3f} {counts.most_common(2)} {json.loads(json.dumps(grid))[1]}')
print(re.sub(r'(\\w+) (\\w+)', r'\\2 \\1', text), points[0], {1, 2} | {3}, 2**200 % 97, deque(words), defaultdict(int))
try:
    open('nothing.txt')
except OSError as error:
    print(error)
raise ValueError(text)
`;

export const warmUpTest: TestInput = {
  kind: 'stdio',
  stdin: 'some words to begin with\n',
  seed: 0,
  limits: { ...defaultLimits('python'), cpu_ms: 10_000 },
};
