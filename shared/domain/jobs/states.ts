/** The one state machine of background work. */
export const jobStates = [
  'queued',
  'running',
  'interrupted',
  'paused',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
] as const;
export type JobState = (typeof jobStates)[number];

/**
 * `interrupted` waits in the queue like `queued`, and says that a worker has been there: it stopped in order
 * (its machine was taken back) or died. `paused` waits for its owner and for nobody else: trainings only.
 * `failed → queued` is an operator's redrive.
 */
const next: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'paused', 'cancelled', 'failed'],
  running: ['succeeded', 'failed', 'timed_out', 'cancelled', 'interrupted', 'paused'],
  interrupted: ['running', 'paused', 'cancelled', 'failed'],
  paused: ['queued', 'cancelled'],
  succeeded: [],
  failed: ['queued'],
  timed_out: ['queued'],
  cancelled: [],
};

export const mayBecome = (from: JobState, to: JobState): boolean => next[from].includes(to);

/** Waiting for a worker. */
export const isWaiting = (state: JobState): boolean => state === 'queued' || state === 'interrupted';
/** Waiting for a worker, or with one. */
export const isActive = (state: JobState): boolean => isWaiting(state) || state === 'running';
export const isFinal = (state: JobState): boolean => !isActive(state) && state !== 'paused';

export const jobKinds = [
  'training',
  'execution',
  'submission',
  'certification',
  'regrade',
  'similarity',
  'verification',
  'calibration',
] as const;
export type JobKind = (typeof jobKinds)[number];

export const queues = ['training', 'grading', 'verification', 'calibration'] as const;
export type Queue = (typeof queues)[number];
export const queueOf = (kind: JobKind): Queue =>
  kind === 'training' || kind === 'verification' || kind === 'calibration' ? kind : 'grading';

/** What somebody sits and waits for; the other kinds give way to it. */
const interactiveKinds = ['execution', 'submission', 'certification'] as const;
export type InteractiveKind = (typeof interactiveKinds)[number];
export const isInteractive = (kind: JobKind): kind is InteractiveKind =>
  interactiveKinds.some((one) => one === kind);

/** What a success may have come to; the public word for it. The first is meant where a job names none. */
export const outcomes = {
  training: ['completed'],
  execution: ['success', 'error', 'timeout'],
  submission: ['graded', 'manual_review'],
  certification: ['passed', 'failed'],
  regrade: ['previewed', 'applied'],
  similarity: ['completed'],
  verification: ['verified', 'refused'],
  calibration: ['completed'],
} as const satisfies Record<JobKind, readonly string[]>;
export type Outcome<K extends JobKind> = (typeof outcomes)[K][number];

/** Of work that a person starts and waits for, and that nobody can stop. */
const work = {
  queued: 'pending',
  running: 'running',
  interrupted: 'pending',
  paused: 'pending',
  failed: 'failed',
  timed_out: 'failed',
  cancelled: 'failed',
} as const;

/** The public words of the states but success. */
const words = {
  training: {
    queued: 'pending',
    running: 'running',
    interrupted: 'interrupted',
    paused: 'paused',
    failed: 'failed',
    timed_out: 'failed',
    cancelled: 'cancelled',
  },
  execution: {
    queued: 'pending',
    running: 'running',
    interrupted: 'pending',
    paused: 'pending',
    failed: 'error',
    timed_out: 'error',
    cancelled: 'cancelled',
  },
  submission: {
    queued: 'pending',
    running: 'grading',
    interrupted: 'pending',
    paused: 'pending',
    // a person looks at it: never a grade of 0
    failed: 'manual_review',
    timed_out: 'manual_review',
    cancelled: 'manual_review',
  },
  certification: { ...work, running: 'pending' },
  regrade: work,
  similarity: work,
  verification: { ...work, cancelled: 'cancelled' },
  calibration: { ...work, cancelled: 'cancelled' },
} as const satisfies Record<JobKind, Record<Exclude<JobState, 'succeeded'>, string>>;

export type Status<K extends JobKind> = (typeof words)[K][Exclude<JobState, 'succeeded'>] | Outcome<K>;

/** The public word of a job: that of its kind for its state, or what its success came to. */
export function statusOf<K extends JobKind>(job: {
  readonly kind: K;
  readonly state: JobState;
  readonly outcome?: Outcome<K> | null;
}): Status<K> {
  const { kind, state } = job;
  const status = state === 'succeeded' ? (job.outcome ?? outcomes[kind][0]) : words[kind][state];
  // the tables' rows are the kind's own; the compiler does not carry K through two of them
  return status as Status<K>;
}

export type TrainingStatus = Status<'training'>;
export const trainingStatusOf = (state: JobState): TrainingStatus => statusOf({ kind: 'training', state });

/** A job is given up when its workers died this often without getting any further. */
export const maxDeaths = 3;
