import * as z from 'zod';
import { learnerError, type TestResult, verdict } from '../contracts/grading-shapes.ts';
import { expectedText, inputText } from '../domain/grading/describe.ts';
import type { Language, Test, TestOutcome } from '../domain/grading/types.ts';

/** What is kept of a test's outcome; what the test itself says is added when it is shown. */
export const storedOutcome = z.object({
  status: verdict,
  output: z.string(),
  error: learnerError.nullable(),
  execution_time_ms: z.number(),
  memory_usage_kb: z.int(),
});
export type StoredOutcome = z.output<typeof storedOutcome>;

/** All outputs of a run together, and all messages: an item of the table holds 400 KB. */
const outputBytes = 150_000;
const messageBytes = 45_000;
const cutMark = '\n… (cut)';

/** The longest beginning of a text that has at most so many bytes of UTF-8, marked where it is cut. */
export function cut(text: string, maxBytes: number): string {
  const whole = text.toWellFormed();
  if (Buffer.byteLength(whole) <= maxBytes) return whole;
  const bytes = Buffer.from(whole).subarray(0, Math.max(0, maxBytes - Buffer.byteLength(cutMark)));
  // a cut character decodes to U+FFFD at the very end
  return bytes.toString('utf8').replace(/\uFFFD$/u, '') + cutMark;
}

/** Outcomes as they are kept: each within its share of what an item holds. */
export function fitted(outcomes: readonly TestOutcome[]): StoredOutcome[] {
  const share = (all: number, most: number): number =>
    Math.min(most, Math.floor(all / Math.max(1, outcomes.length)));
  const output = share(outputBytes, 65_536);
  const message = share(messageBytes, 4_096);
  return outcomes.map((one) => ({
    status: one.verdict,
    output: cut(one.output, output),
    error: one.error && {
      ...one.error,
      type: cut(one.error.type, 200),
      message: cut(one.error.message, message),
    },
    execution_time_ms: rounded(one.execution_time_ms),
    memory_usage_kb: Math.round(finite(one.memory_usage_kb)),
  }));
}

const finite = (value: number): number => (Number.isFinite(value) ? Math.max(0, value) : 0);
const rounded = (value: number): number => Math.round(finite(value) * 1000) / 1000;

type Shown = Pick<Test, 'name' | 'weight' | 'visibility'> &
  (
    | Pick<Extract<Test, { kind: 'stdio' }>, 'kind' | 'stdin' | 'expected'>
    | Pick<Extract<Test, { kind: 'call' }>, 'kind' | 'call' | 'args' | 'expected'>
  );

/** Results as the API shows them, one per test in order; to students hidden tests show name, status and weight. */
export const shownResults = (
  language: Language,
  tests: readonly Shown[],
  outcomes: readonly StoredOutcome[],
  sees: 'everything' | 'public',
): TestResult[] =>
  tests.map((test, index) => {
    const { name, weight, visibility } = test;
    const { status = 'skipped', ...rest } = outcomes[index] ?? {};
    if (visibility === 'hidden' && sees === 'public') return { name, status, weight, visibility, ...nothing };
    // why a test could not be graded quotes the checker, or is our own affair
    const untold = status === 'internal' && sees === 'public' ? { error: null } : {};
    return {
      ...nothing,
      ...rest,
      ...untold,
      name,
      status,
      weight,
      visibility,
      input: inputText(language, test),
      expected_output: expectedText(language, test),
    };
  });

const nothing = {
  input: null,
  expected_output: null,
  output: null,
  error: null,
  execution_time_ms: null,
  memory_usage_kb: null,
} as const;

/** Times add up; of memory the most that one test took counts. */
export const totals = (outcomes: readonly StoredOutcome[]) => ({
  execution_time_ms: rounded(outcomes.reduce((sum, one) => sum + one.execution_time_ms, 0)),
  memory_usage_kb: Math.max(0, ...outcomes.map((one) => one.memory_usage_kb)),
});
