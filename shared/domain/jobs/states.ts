/** The one state machine of background work. */
export const jobStates = [
  'queued',
  'running',
  'interrupted',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export type JobState = (typeof jobStates)[number];

/**
 * `interrupted` waits in the queue like `queued`, and says that a worker has been there: it stopped in order
 * (its machine was taken back) or died. `failed → queued` is an operator's redrive.
 */
const next: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['succeeded', 'failed', 'timed_out', 'cancelled', 'interrupted'],
  interrupted: ['running', 'cancelled', 'failed'],
  succeeded: [],
  failed: ['queued'],
  timed_out: ['queued'],
  cancelled: [],
};

export const mayBecome = (from: JobState, to: JobState): boolean => next[from].includes(to);

/** Waiting for a worker. */
export const isWaiting = (state: JobState): boolean => state === 'queued' || state === 'interrupted';
export const isFinal = (state: JobState): boolean => !isWaiting(state) && state !== 'running';

const trainingStatuses = {
  queued: 'pending',
  running: 'running',
  interrupted: 'interrupted',
  succeeded: 'completed',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<JobState, string>;
export type TrainingStatus = (typeof trainingStatuses)[JobState];

/** The public word of a training for a job's state. */
export const trainingStatusOf = (state: JobState): TrainingStatus => trainingStatuses[state];

/** A job is given up when its workers died this often without getting any further. */
export const maxDeaths = 3;
