import * as z from 'zod';
import { isWaiting, type Queue, queueOf, queues } from '../domain/jobs/states.ts';
import { type Entity, entity } from '../table/entity.ts';
import { configHash } from './config-hash.ts';
import {
  type CalibrationJob,
  type GradingJob,
  type Job,
  schemas,
  type TrainingJob,
  type VerificationJob,
} from './kinds.ts';

export type {
  CalibrationJob,
  GradingJob,
  Job,
  JobCore,
  JobOf,
  TrainingJob,
  VerificationJob,
} from './kinds.ts';

export const waitingKey = (queue: Queue): string => `jobs#${queue}#waiting`;
export const runningKey = (queue: Queue): string => `jobs#${queue}#running`;

/** What the waiting stand in line by. */
const turnOf = (one: Job): string =>
  one.kind === 'training' ? trainingTurn(one) : 'fair_at' in one ? one.fair_at : one.queued_at;
export const trainingTurn = ({ turn_at, queued_at }: TrainingJob): string => turn_at ?? queued_at;

/**
 * A unit of background work.
 *
 * Access patterns:
 * - by id: `job#<id>` / `job`
 * - of an owner, by age: gsi1 `user#<owner>#jobs#<kind>`
 * - of an organisation, by age: gsi2 `org#<org>#jobs#<kind>`
 * - waiting, in turn, or running, by the end of the lease: gsi3 `jobs#<queue>#waiting|running` (sparse)
 */
const stored = {
  type: 'job',
  key: ({ job_id }: { job_id: string }) => ({ pk: `job#${job_id}`, sk: 'job' }),
  indexes: {
    gsi1: (one: Job) => ({
      pk: `user#${one.owner_id}#jobs#${one.kind}`,
      sk: `${one.created_at}#${one.job_id}`,
    }),
    gsi2: (one: Job) => ({
      pk: `org#${one.org_id}#jobs#${one.kind}`,
      sk: `${one.created_at}#${one.job_id}`,
    }),
    gsi3: (one: Job) => {
      const queue = queueOf(one.kind);
      if (isWaiting(one.state)) return { pk: waitingKey(queue), sk: `${turnOf(one)}#${one.job_id}` };
      if (one.state === 'running') return { pk: runningKey(queue), sk: `${one.lease_until}#${one.job_id}` };
      return undefined;
    },
  },
};
export const jobs = entity({ ...stored, schema: schemas.any });
/** The jobs of one queue, where only such can be found: in its own index keys and lists. */
export const queued: { readonly [Q in Queue]: Entity<JobOfQueue[Q], { job_id: string }> } = {
  training: entity({ ...stored, schema: schemas.training }),
  grading: entity({ ...stored, schema: schemas.grading }),
  verification: entity({ ...stored, schema: schemas.verification }),
  calibration: entity({ ...stored, schema: schemas.calibration }),
};
export interface JobOfQueue {
  readonly training: TrainingJob;
  readonly grading: GradingJob;
  readonly verification: VerificationJob;
  readonly calibration: CalibrationJob;
}

/** A job that gets a task of its own. */
export type LaunchedJob = TrainingJob | CalibrationJob;
export const isLaunched = (job: Job): job is LaunchedJob => 'launched_at' in job;

type Owned = 'job_id' | 'owner_id' | 'owner_name' | 'org_id' | 'class_id';

/** What is the same in every job that starts its life: waiting, untouched, with its first event. */
const untouched = (now: Date) => ({
  state: 'queued' as const,
  attempt: 0,
  deaths: 0,
  worker: null,
  lease_until: null,
  event_seq: 1,
  error_code: null,
  error_detail: null,
  created_at: now.toISOString(),
  queued_at: now.toISOString(),
  started_at: null,
  ended_at: null,
  version: 1,
});

export const newTraining = (
  given: Pick<TrainingJob, Owned | 'config'> & Partial<Pick<TrainingJob, 'turn_at' | 'sweep_id'>>,
  now: Date,
): TrainingJob => ({
  sweep_id: null,
  ...given,
  ...untouched(now),
  kind: 'training',
  launch: 0,
  launched_at: null,
  progress: { step: 0, fps: null },
  evaluated_step: 0,
  checkpoint_step: 0,
  best_mean_reward: null,
  final_mean_reward: null,
  weights_hash: null,
  pause_requested: false,
  warnings: [],
  config_hash: configHash(given.config),
  metrics_points: 0,
  metrics_attempt: 0,
  ran_s: 0,
});

export const newVerification = (
  given: Pick<VerificationJob, Owned | 'environment' | 'env_kwargs' | 'source' | 'source_id'>,
  now: Date,
): VerificationJob => ({ ...given, ...untouched(now), kind: 'verification', result: null, outcome: null });

export const newCalibration = (
  given: Pick<CalibrationJob, Owned | 'bank_id'>,
  now: Date,
): CalibrationJob => ({
  ...given,
  ...untouched(now),
  kind: 'calibration',
  launch: 0,
  launched_at: null,
  progress: { stage: 'reading', done: 0, total: 0 },
});

/** A kind's own fields, for a job of the grading queue that is to be made. */
type Given<J> = J extends GradingJob
  ? Omit<J, keyof ReturnType<typeof untouched> | 'fair_at' | 'outcome'>
  : never;

/** A job of the grading queue as it starts its life, with its turn. */
export const newGrading = <G extends Given<GradingJob>>(given: G, fair_at: string, now: Date) => ({
  ...given,
  ...untouched(now),
  fair_at,
  outcome: null,
});

/**
 * The jobs that a class’s staff may see.
 *
 * Access pattern: of a class, by age: `class#<class>` / `job#<created>#<job>`
 */
export const classJobs = entity({
  type: 'class_job',
  schema: z.object({ class_id: z.string(), job_id: z.string(), created_at: z.string() }),
  key: (ref: { class_id: string; job_id: string; created_at: string }) => ({
    pk: `class#${ref.class_id}`,
    sk: `job#${ref.created_at}#${ref.job_id}`,
  }),
});

export const workersKey = (queue: Queue): string => `workers#${queue}`;

/**
 * A process that takes jobs.
 *
 * Access pattern: all of a queue: `workers#<queue>` / `worker#<id>`
 */
export const workers = entity({
  type: 'worker',
  schema: z.object({
    queue: z.enum(queues).default('training'),
    worker_id: z.string(),
    /** What a trainer works on; a grader, which has several slots, says nothing here. */
    job_id: z.string().nullable(),
    /** Why this worker cannot do its work on this machine. */
    off_reason: z.string().nullable().default(null),
    seen_at: z.string(),
    expires_at: z.int(),
  }),
  key: ({ queue, worker_id }: { queue: Queue; worker_id: string }) => ({
    pk: workersKey(queue),
    sk: `worker#${worker_id}`,
  }),
});
