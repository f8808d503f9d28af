import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TestOutcome } from '#shared/domain/grading/types.ts';
import { cut, fitted, shownResults, totals } from '#shared/jobs/results.ts';

const outcome = (more: Partial<TestOutcome> = {}): TestOutcome => ({
  verdict: 'pass',
  output: '',
  error: null,
  execution_time_ms: 1.23456,
  memory_usage_kb: 10.6,
  ...more,
});

test('text is cut at whole characters, marked, and left alone when it fits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 20, max: 120 }),
      (text, most) => {
        const kept = cut(text, most);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(most);
        expect(kept.isWellFormed()).toBe(true);
        if (kept !== text.toWellFormed()) {
          expect(kept.endsWith('… (cut)')).toBe(true);
          expect(text.toWellFormed().startsWith(kept.slice(0, -'\n… (cut)'.length))).toBe(true);
        }
      },
    ),
    { seed: 4 },
  );
});

test('what fifty tests print and say, however much, stays within 200 KB', () => {
  const loud = outcome({
    output: '한'.repeat(100_000),
    error: { type: 'E'.repeat(10_000), message: '\u0001'.repeat(50_000), line: 1, column: null },
  });
  for (const count of [1, 2, 10, 50]) {
    const kept = fitted(Array.from({ length: count }, () => loud));
    const bytes = kept.reduce(
      (sum, { output, error }) =>
        sum + Buffer.byteLength(output) + Buffer.byteLength(`${error?.type}${error?.message}`),
      0,
    );
    expect(bytes).toBeLessThan(210_000);
    expect(kept[0]?.output.endsWith('(cut)')).toBe(true);
  }
  expect(fitted([outcome({ output: 'x'.repeat(65_536) })])[0]?.output).toHaveLength(65_536);
});

test('numbers that are none become 0, times are kept to the microsecond', () => {
  const [kept] = fitted([outcome({ execution_time_ms: Number.NaN, memory_usage_kb: -1 })]);
  expect(kept).toMatchObject({ execution_time_ms: 0, memory_usage_kb: 0 });
  expect(totals(fitted([outcome(), outcome({ memory_usage_kb: 99 })]))).toEqual({
    execution_time_ms: 2.47,
    memory_usage_kb: 99,
  });
});

test('of a hidden test a student sees name, status and weight', () => {
  const tests = [
    {
      kind: 'call',
      name: 'open',
      call: 'f',
      args: [[1, null]],
      expected: true,
      weight: 1,
      visibility: 'public',
    },
    { kind: 'stdio', name: 'secret', stdin: 's', expected: 'e', weight: 2, visibility: 'hidden' },
  ] as const;
  const error = { type: 'E', message: 's', line: 1, column: null };
  const outcomes = fitted([outcome({ output: 'True' }), outcome({ output: 's', error })]);
  expect(shownResults('python', tests, outcomes, 'public')).toEqual([
    {
      name: 'open',
      status: 'pass',
      weight: 1,
      visibility: 'public',
      input: 'f([1, None])',
      expected_output: 'True',
      output: 'True',
      error: null,
      execution_time_ms: 1.235,
      memory_usage_kb: 11,
    },
    {
      name: 'secret',
      status: 'pass',
      weight: 2,
      visibility: 'hidden',
      input: null,
      expected_output: null,
      output: null,
      error: null,
      execution_time_ms: null,
      memory_usage_kb: null,
    },
  ]);
  expect(shownResults('python', tests, outcomes, 'everything')[1]).toMatchObject({
    input: 's',
    output: 's',
    error,
  });
});

test('why a test could not be graded is told to those who judge, and to no student: it quotes the checker', () => {
  const open = {
    kind: 'stdio',
    name: 'open',
    stdin: '',
    expected: '',
    weight: 1,
    visibility: 'public',
  } as const;
  const error = { type: 'CheckerError', message: 'line 3, in check: secret', line: null, column: null };
  const outcomes = fitted([outcome({ verdict: 'internal', output: 'boom', error })]);
  const [toStudent] = shownResults('python', [open], outcomes, 'public');
  expect(toStudent).toMatchObject({ status: 'internal', output: 'boom', error: null });
  expect(shownResults('python', [open], outcomes, 'everything')[0]).toMatchObject({ error });
});
