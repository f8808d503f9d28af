import '#tests/support/quiet.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lost } from '#functions/tasks/grader/held.ts';
import { Output } from '#functions/tasks/grader/output.ts';
import { Teller } from '#functions/tasks/grader/teller.ts';
import { Verdicts } from '#functions/tasks/grader/verdicts.ts';
import { codeVerdicts } from '#shared/contracts/code.ts';
import { verdicts as words } from '#shared/domain/grading/types.ts';
import type { NewEvent } from '#shared/jobs/advance.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const open = { visibility: 'public' } as const;
const hidden = { visibility: 'hidden' } as const;

/** A job of so many tests, and when it told what. */
function aJob(count: number, write: () => Promise<void> = async () => {}) {
  const told: { readonly at: number; readonly events: readonly NewEvent[] }[] = [];
  const since = performance.now();
  const verdicts = new Verdicts(
    { attempt: 2 },
    Array.from({ length: count }, () => open),
  );
  const output = new Output();
  const teller = new Teller(
    (events) => {
      told.push({ at: Math.round(performance.now() - since), events });
      return write();
    },
    [output, verdicts],
  );
  return {
    told,
    times: () => told.map(({ at }) => at),
    end: () => teller[Symbol.dispose](),
    pass: (test_: number) => {
      verdicts.add(test_, 'pass');
      teller.look();
    },
    print: (text: string) => {
      output.add({ test: 0, stream: 'stdout', text });
      teller.look();
    },
  };
}

const verdictsOf = ({ events }: { readonly events: readonly NewEvent[] } | undefined = { events: [] }) =>
  codeVerdicts.parse(events.find(({ type }) => type === 'code.verdicts')?.data).verdicts;

describe('verdicts are told while a job runs', () => {
  test('not of one that is over in a moment', async () => {
    const job = aJob(3);
    job.pass(0);
    job.pass(1);
    await vi.advanceTimersByTimeAsync(100);
    job.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job.told).toEqual([]);
  });

  test('joined after 150 ms, and what comes later at once', async () => {
    const job = aJob(4);
    job.pass(0);
    await vi.advanceTimersByTimeAsync(100);
    job.pass(1);
    await vi.advanceTimersByTimeAsync(900);
    job.pass(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job.times()).toEqual([150, 1_000]);
    expect(verdictsOf(job.told[0])).toEqual(['pass', 'pass', null, null]);
    expect(verdictsOf(job.told[1])).toEqual(['pass', 'pass', 'pass', null]);
  });

  test('at most four times a second, with what else is new in the same write', async () => {
    const job = aJob(50);
    for (let at = 0; at < 49; at++) {
      job.pass(at);
      job.print(`line ${at}\n`);
      await vi.advanceTimersByTimeAsync(40);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    const times = job.times();
    expect(times.length).toBeGreaterThan(5);
    for (const [index, at] of times.entries())
      expect(at - (times[index - 1] ?? -250)).toBeGreaterThanOrEqual(250);
    expect(job.told[1]?.events.map(({ type }) => type)).toEqual(['code.output', 'code.verdicts']);
    expect(verdictsOf(job.told.at(-1)).filter((verdict) => verdict === 'pass')).toHaveLength(49);
  });

  test('one write after the other, however long one takes', async () => {
    let running = 0;
    let most = 0;
    const job = aJob(9, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 900));
      running -= 1;
    });
    for (let at = 0; at < 8; at++) {
      job.pass(at);
      await vi.advanceTimersByTimeAsync(300);
    }
    await vi.advanceTimersByTimeAsync(3_000);
    expect(most).toBe(1);
    expect(verdictsOf(job.told.at(-1)).slice(0, 8)).not.toContain(null);
  });

  test('not when the last one has come: the result itself follows', async () => {
    const job = aJob(2);
    await vi.advanceTimersByTimeAsync(500);
    job.pass(0);
    job.pass(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job.told).toEqual([]);
  });

  test('no more when the job is somebody else’s, and without harm', async () => {
    const job = aJob(3, async () => {
      throw new Lost();
    });
    job.pass(0);
    await vi.advanceTimersByTimeAsync(200);
    job.end();
    job.pass(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job.told).toHaveLength(1);
  });
});

describe('an event of verdicts', () => {
  test('names the attempt and which tests are hidden, and nothing else of them', () => {
    const verdicts = new Verdicts({ attempt: 3 }, [open, hidden, open, hidden]);
    verdicts.add(1, 'wrong_answer');
    expect(verdicts.take()).toEqual([
      {
        type: 'code.verdicts',
        data: { attempt: 3, verdicts: [null, 'wrong_answer', null, null], hidden: [1, 3] },
      },
    ]);
    expect(verdicts.isNew).toBe(false);
  });

  test('does not tell a failure of ours: another try may come to a verdict', () => {
    const verdicts = new Verdicts({ attempt: 1 }, [open, open]);
    verdicts.add(0, 'internal');
    expect(verdicts.isNew).toBe(false);
    verdicts.add(0, 'pass');
    expect(verdicts.isNew).toBe(true);
  });

  test('of the most tests there may be is small', () => {
    const verdicts = new Verdicts(
      { attempt: 1_000 },
      Array.from({ length: 50 }, () => hidden),
    );
    const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? 'pass';
    for (let at = 0; at < 49; at++) verdicts.add(at, longest);
    expect(Buffer.byteLength(JSON.stringify(verdicts.take()[0]?.data))).toBeLessThan(2_000);
  });
});
