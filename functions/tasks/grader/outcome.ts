import type { TestOutcome } from '#shared/domain/grading/types.ts';
import { maxDeaths } from '#shared/domain/jobs/states.ts';
import type { GradingJob, JobCore } from '#shared/jobs/job.ts';
import { cut, type StoredOutcome } from '#shared/jobs/results.ts';

/** A test came to no verdict, by a fault that is not the program's. */
export class NoVerdict extends Error {
  readonly outcomes: readonly TestOutcome[];
  /** Our own failure, which another try may mend; else a checker that its author must. */
  readonly ours: boolean;

  constructor(outcomes: readonly TestOutcome[], internal: TestOutcome, ours: boolean) {
    super(`A test could not be graded. ${internal.error?.message ?? 'The runner gave no reason.'}`);
    this.name = 'NoVerdict';
    this.outcomes = outcomes;
    this.ours = ours;
  }
}

/** @throws NoVerdict when a test came to none */
export function refuseInternal(outcomes: readonly TestOutcome[]): void {
  const internal = outcomes.filter(({ verdict }) => verdict === 'internal');
  const ours = internal.find(({ error }) => error?.type !== 'CheckerError');
  const first = ours ?? internal[0];
  if (first) throw new NoVerdict(outcomes, first, ours !== undefined);
}

/** Whether one more failure gives the job up. */
export const isLastTry = ({ deaths }: Pick<GradingJob, 'deaths'>): boolean => deaths >= maxDeaths - 1;

const ended = (now: Date) => ({ worker: null, lease_until: null, ended_at: now.toISOString() }) as const;

export const succeeded = (now: Date): Partial<JobCore> => ({ state: 'succeeded', ...ended(now) });

export const givenUp = (now: Date, { message }: NoVerdict): Partial<JobCore> => ({
  state: 'failed',
  deaths: maxDeaths,
  ...ended(now),
  error_code: 'grader.failed',
  error_detail: cut(message, 1_000),
});

/** The error of a result as an event carries it: the result itself may be bigger than an event. */
export const toldError = (outcomes: readonly StoredOutcome[]) => {
  const error = outcomes.find((one) => one.error !== null)?.error ?? null;
  return error && { ...error, type: cut(error.type, 100), message: cut(error.message, 800) };
};
