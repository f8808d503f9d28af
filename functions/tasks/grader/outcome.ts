import type { TestOutcome } from '#shared/domain/grading/types.ts';
import type { JobCore } from '#shared/jobs/job.ts';
import { cut, type StoredOutcome } from '#shared/jobs/results.ts';

/** The platform failed at a test: no verdict may come of it. */
export class NoVerdict extends Error {
  constructor(outcome: TestOutcome) {
    super(`a test could not be graded: ${outcome.error?.message ?? 'the runner gave no reason'}`);
    this.name = 'NoVerdict';
  }
}

export function refuseInternal(outcomes: readonly TestOutcome[]): void {
  const broken = outcomes.find(({ verdict }) => verdict === 'internal');
  if (broken) throw new NoVerdict(broken);
}

export const succeeded = (now: Date): Partial<JobCore> => ({
  state: 'succeeded',
  worker: null,
  lease_until: null,
  ended_at: now.toISOString(),
});

/** The error of a result as an event carries it: the result itself may be bigger than an event. */
export const toldError = (outcomes: readonly StoredOutcome[]) => {
  const error = outcomes.find((one) => one.error !== null)?.error ?? null;
  return error && { ...error, type: cut(error.type, 100), message: cut(error.message, 800) };
};
