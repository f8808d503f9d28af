import type { Verdict } from './types.ts';

export type GradeChange = 'rises' | 'falls' | 'same';

/** What another grading makes of a grade; from none to some is a rise. */
export function gradeChange(before: number | null, after: number | null): GradeChange {
  if (before === after || after === null) return 'same';
  if (before === null) return 'rises';
  return after > before ? 'rises' : 'falls';
}

interface Run {
  readonly tests: readonly { readonly name: string }[];
  readonly verdicts: readonly Verdict[];
}
export interface TestChange {
  readonly name: string;
  /** Null: there was no such test, or no run of it. */
  readonly before: Verdict | null;
  readonly after: Verdict;
}

/**
 * The tests of the later run whose verdict differs. Tests are the same when they have the same name; of several with one
 * name the first answers to the first, the second to the second.
 */
export function changedTests(before: Run | undefined, after: Run): TestChange[] {
  const earlier = new Map<string, Verdict[]>();
  for (const [index, { name }] of (before?.tests ?? []).entries()) {
    const verdict = before?.verdicts[index];
    if (verdict !== undefined) earlier.set(name, [...(earlier.get(name) ?? []), verdict]);
  }
  return after.tests.flatMap(({ name }, index) => {
    const was = earlier.get(name)?.shift() ?? null;
    const is = after.verdicts[index];
    return is === undefined || is === was ? [] : [{ name, before: was, after: is }];
  });
}
