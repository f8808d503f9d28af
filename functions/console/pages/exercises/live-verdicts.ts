import { type CodeVerdicts, codeVerdicts } from '#shared/contracts/code.ts';
import type { SourceEvent } from '#shared/contracts/realtime.ts';
import type { Verdict } from '#shared/domain/grading/types.ts';

/**
 * The verdicts of a running job after one more of its events. Those of an attempt that came to nothing are gone with it:
 * the next one begins from the first test.
 */
export function verdictsAfter(
  before: CodeVerdicts | undefined,
  { type, data }: Pick<SourceEvent, 'type' | 'data'>,
): CodeVerdicts | undefined {
  if (type === 'code.verdicts') return codeVerdicts.safeParse(data).data ?? before;
  if (type !== 'job.status' || before === undefined) return before;
  return data['status'] !== 'pending' && data['attempt'] === before.attempt ? before : undefined;
}

export interface LiveRow {
  /** Undefined where one may not know it, or not yet. */
  readonly name: string | undefined;
  readonly isHidden: boolean;
  readonly status: Verdict | 'waiting' | 'running';
}

interface Tests {
  readonly count: number;
  /** Names of the public ones, in order. */
  readonly names: readonly string[];
}

/** A row for each test. Which of them are hidden is known with the first verdicts; they run one after the other. */
export function liveRows(
  { count, names }: Tests,
  live: CodeVerdicts | undefined,
  isRunning: boolean,
): LiveRow[] {
  const verdicts = live?.verdicts ?? Array.from({ length: count }, () => null);
  const at = isRunning ? verdicts.findLastIndex((verdict) => verdict !== null) + 1 : -1;
  const left = [...names];
  return verdicts.map((verdict, test) => {
    const isHidden = live?.hidden.includes(test) ?? false;
    return {
      name: isHidden ? undefined : left.shift(),
      isHidden,
      status: verdict ?? (test === at ? 'running' : 'waiting'),
    };
  });
}

export const doneCount = ({ verdicts }: CodeVerdicts): number =>
  verdicts.filter((verdict) => verdict !== null).length;
