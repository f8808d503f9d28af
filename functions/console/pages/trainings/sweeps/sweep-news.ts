import type { Sweep, SweepRun } from '#shared/contracts/training-sweeps.ts';

/** More run at once in few schools; what is not followed the next reading shows. */
const mostFollowed = 6;

/** The runs whose events tell how a sweep goes on: those that run, and the next ones in their order. */
export function followedRuns({ trials }: Sweep): SweepRun[] {
  const runs = trials.flatMap((trial) => trial.runs);
  const running = runs.filter(({ status }) => status === 'running');
  const waiting = runs.filter(({ status }) => status === 'pending' || status === 'interrupted');
  return [...running, ...waiting].slice(0, mostFollowed);
}

/** The sweep after news of how far a run is; older news change nothing. */
export function withStep(sweep: Sweep, session_id: string, step: number): Sweep {
  const run = sweep.trials.flatMap(({ runs }) => runs).find((one) => one.session_id === session_id);
  if (run === undefined || run.step >= step) return sweep;
  const trials = sweep.trials.map((trial) => ({
    ...trial,
    runs: trial.runs.map((one) => (one === run ? { ...one, step } : one)),
  }));
  const progress = { ...sweep.progress, step: sweep.progress.step + step - run.step };
  return { ...sweep, trials, progress };
}
