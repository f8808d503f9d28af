import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gradeOf, runStatus, seeded } from '#shared/domain/grading/score.ts';
import { type Verdict, verdicts } from '#shared/domain/grading/types.ts';

const weights = (...all: number[]) => all.map((weight) => ({ weight }));

test('a grade is the share of the weights that pass, with two decimals', () => {
  expect(gradeOf(weights(1, 1, 2), ['pass', 'wrong_answer', 'pass'])).toBe(75);
  expect(gradeOf(weights(1, 1, 1), ['pass', 'pass', 'skipped'])).toBe(66.67);
  expect(gradeOf(weights(0, 1), ['wrong_answer', 'pass'])).toBe(100);
  expect(gradeOf(weights(0, 0), ['pass', 'pass'])).toBe(100);
  expect(gradeOf(weights(0, 0), ['pass', 'wrong_answer'])).toBe(0);
});

test('a grade is from 0 to 100, 100 for all and only for all, and never falls when one more passes', () => {
  const tests = fc.array(
    fc.record({
      weight: fc.double({ min: 0.001, max: 1000, noNaN: true }),
      verdict: fc.constantFrom(...verdicts),
    }),
    { minLength: 1, maxLength: 50 },
  );
  fc.assert(
    fc.property(tests, fc.nat(49), (all, which) => {
      const of = (found: readonly Verdict[]) => gradeOf(all, found);
      const before = all.map(({ verdict }) => verdict);
      const after = before.map((verdict, at) => (at === which ? 'pass' : verdict));
      expect(of(before)).toBeGreaterThanOrEqual(0);
      expect(of(after)).toBeGreaterThanOrEqual(of(before));
      expect(of(all.map(() => 'pass' as const))).toBe(100);
    }),
    { seed: 8 },
  );
});

test('wrong answers are a success of the run, a time limit is a timeout before anything else', () => {
  expect(runStatus(['pass', 'wrong_answer'])).toBe('success');
  expect(runStatus(['runtime_error', 'time_limit', 'skipped'])).toBe('timeout');
  for (const verdict of ['runtime_error', 'memory_limit', 'output_limit', 'compile_error'] as const)
    expect(runStatus(['pass', verdict])).toBe('error');
});

test('a test without a seed has the same one each time, and another test another', () => {
  const of = (id: string, seed: number | null = null) => seeded({ id, seed }).seed;
  expect(of('a')).toBe(of('a'));
  expect(of('a')).not.toBe(of('b'));
  expect(of('a', 7)).toBe(7);
  // the reference value of FNV-1a for "a"
  expect(of('a')).toBe(0xe40c292c);
});
