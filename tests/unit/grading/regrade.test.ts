import { expect, test } from 'vitest';
import { changedTests, gradeChange } from '#shared/domain/grading/regrade.ts';
import type { Verdict } from '#shared/domain/grading/types.ts';

test.each([
  [50, 60, 'rises'],
  [60, 50, 'falls'],
  [60, 60, 'same'],
  [null, 0, 'rises'],
  [null, null, 'same'],
  [60, null, 'same'],
] as const)('a grade of %s that becomes %s: %s', (before, after, change) => {
  expect(gradeChange(before, after)).toBe(change);
});

const run = (verdicts: Readonly<Record<string, Verdict>>) => ({
  tests: Object.keys(verdicts).map((name) => ({ name })),
  verdicts: Object.values(verdicts),
});

test('tests that moved are the same tests; those whose verdict differs are named', () => {
  const before = run({ a: 'pass', b: 'pass', gone: 'pass' });
  const after = run({ b: 'time_limit', a: 'pass', c: 'wrong_answer' });
  expect(changedTests(before, after)).toEqual([
    { name: 'b', before: 'pass', after: 'time_limit' },
    { name: 'c', before: null, after: 'wrong_answer' },
  ]);
});

test('of several tests with one name the first answers to the first', () => {
  const twins = (...verdicts: Verdict[]) => ({ tests: verdicts.map(() => ({ name: 'twin' })), verdicts });
  expect(changedTests(twins('pass', 'wrong_answer'), twins('pass', 'pass', 'pass'))).toEqual([
    { name: 'twin', before: 'wrong_answer', after: 'pass' },
    { name: 'twin', before: null, after: 'pass' },
  ]);
});

test('without an earlier run every test is new', () => {
  expect(changedTests(undefined, run({ a: 'pass' }))).toEqual([{ name: 'a', before: null, after: 'pass' }]);
});
