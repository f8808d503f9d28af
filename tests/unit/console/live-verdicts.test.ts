import { describe, expect, it } from 'vitest';
import { liveRows, verdictsAfter } from '#functions/console/pages/exercises/live-verdicts.ts';
import type { CodeVerdicts } from '#shared/contracts/code.ts';

const told = (attempt: number, ...verdicts: CodeVerdicts['verdicts']) => ({
  type: 'code.verdicts',
  data: { attempt, verdicts, hidden: [1] },
});
const status = (word: string, attempt: number) => ({
  type: 'job.status',
  data: { status: word, attempt, error_code: null },
});
type Events = Parameters<typeof verdictsAfter>[1][];
const verdictsOf = (...events: Events) =>
  events.reduce<CodeVerdicts | undefined>(verdictsAfter, undefined)?.verdicts;

describe('the verdicts of a running job', () => {
  it('are those of its newest event', () => {
    expect(
      verdictsOf(status('grading', 1), told(1, 'pass', null, null), told(1, 'pass', 'pass', null)),
    ).toEqual(['pass', 'pass', null]);
  });

  it('are gone with an attempt that came to nothing', () => {
    const first = [status('grading', 1), told(1, 'pass', 'wrong_answer', null)];
    expect(verdictsOf(...first, status('pending', 1))).toBeUndefined();
    expect(verdictsOf(...first, status('grading', 2))).toBeUndefined();
    expect(verdictsOf(...first, status('grading', 2), told(2, null, 'pass', null))).toEqual([
      null,
      'pass',
      null,
    ]);
  });

  it('stay until the result is read', () => {
    expect(verdictsOf(told(1, 'pass', null, null), status('graded', 1))).toEqual(['pass', null, null]);
  });

  it('are not taken from what is none', () => {
    const odd = { type: 'code.verdicts', data: { attempt: 1, verdicts: ['well done'], hidden: [] } };
    expect(verdictsOf(told(1, 'pass', null, null), odd)).toEqual(['pass', null, null]);
  });
});

describe('the row of a test', () => {
  const tests = { count: 4, names: ['two', 'three'] };
  const rows = (live: CodeVerdicts | undefined, isRunning = true) =>
    liveRows(tests, live, isRunning).map((row) => [row.name, row.isHidden, row.status]);

  it('shows its verdict while another runs and others wait; a hidden one has no name', () => {
    const live = { attempt: 1, verdicts: ['pass' as const, null, null, null], hidden: [1, 3] };
    expect(rows(live)).toEqual([
      ['two', false, 'pass'],
      [undefined, true, 'running'],
      ['three', false, 'waiting'],
      [undefined, true, 'waiting'],
    ]);
  });

  it('waits while the program itself does', () => {
    expect(rows(undefined, false).map(([, , word]) => word)).toEqual(Array(4).fill('waiting'));
  });

  it('runs after those with a verdict; one whose checker comes later does not stand in between', () => {
    const live = { attempt: 1, verdicts: [null, 'pass' as const, null, null], hidden: [] };
    expect(rows(live).map(([, , word]) => word)).toEqual(['waiting', 'pass', 'running', 'waiting']);
  });
});
