import * as z from 'zod';
import { recordedConfig } from '../contracts/training.ts';
import { isWaiting, jobStates } from '../domain/jobs/states.ts';
import { entity } from '../table/entity.ts';

type Kind = 'training';
export const waitingKey = (kind: Kind): string => `jobs#${kind}#waiting`;
export const runningKey = (kind: Kind): string => `jobs#${kind}#running`;

/**
 * A unit of background work.
 *
 * Access patterns:
 * - by id: `job#<id>` / `job`
 * - of an owner, by age: gsi1 `user#<owner>#jobs#<kind>`
 * - of an organisation, by age: gsi2 `org#<org>#jobs#<kind>`
 * - waiting, oldest first, or running, by the end of the lease: gsi3 `jobs#<kind>#waiting|running` (sparse)
 */
export const jobs = entity({
  type: 'job',
  schema: z.object({
    job_id: z.string(),
    kind: z.literal('training'),
    owner_id: z.string(),
    owner_name: z.string(),
    org_id: z.string(),
    class_id: z.string().nullable(),
    state: z.enum(jobStates),
    config: recordedConfig,
    /** Raised by every claim; a worker writes only while it is its own. */
    attempt: z.int(),
    /** Raised before every RunTask; part of its client token. */
    launch: z.int(),
    launched_at: z.string().nullable(),
    /** Workers that died in a row without a newer checkpoint. */
    deaths: z.int(),
    worker: z.string().nullable(),
    lease_until: z.string().nullable(),
    /** Number of the newest event. */
    event_seq: z.int(),
    progress: z.object({ step: z.int(), fps: z.number().nullable() }),
    evaluated_step: z.int(),
    checkpoint_step: z.int(),
    best_mean_reward: z.number().nullable(),
    final_mean_reward: z.number().nullable(),
    weights_hash: z.string().nullable(),
    error_code: z.string().nullable(),
    error_detail: z.string().nullable(),
    created_at: z.string(),
    queued_at: z.string(),
    started_at: z.string().nullable(),
    ended_at: z.string().nullable(),
    version: z.int(),
  }),
  key: ({ job_id }: { job_id: string }) => ({ pk: `job#${job_id}`, sk: 'job' }),
  indexes: {
    gsi1: (job) => ({ pk: `user#${job.owner_id}#jobs#${job.kind}`, sk: `${job.created_at}#${job.job_id}` }),
    gsi2: (job) => ({ pk: `org#${job.org_id}#jobs#${job.kind}`, sk: `${job.created_at}#${job.job_id}` }),
    gsi3: (job) => {
      if (isWaiting(job.state)) return { pk: waitingKey(job.kind), sk: `${job.queued_at}#${job.job_id}` };
      if (job.state === 'running')
        return { pk: runningKey(job.kind), sk: `${job.lease_until}#${job.job_id}` };
      return undefined;
    },
  },
});
export type Job = z.output<typeof jobs.schema>;

/** A training as it starts its life: waiting, untouched, with its first event. */
export const newTraining = (
  given: Pick<Job, 'job_id' | 'owner_id' | 'owner_name' | 'org_id' | 'class_id' | 'config'>,
  now: Date,
): Job => ({
  ...given,
  kind: 'training',
  state: 'queued',
  attempt: 0,
  launch: 0,
  launched_at: null,
  deaths: 0,
  worker: null,
  lease_until: null,
  event_seq: 1,
  progress: { step: 0, fps: null },
  evaluated_step: 0,
  checkpoint_step: 0,
  best_mean_reward: null,
  final_mean_reward: null,
  weights_hash: null,
  error_code: null,
  error_detail: null,
  created_at: now.toISOString(),
  queued_at: now.toISOString(),
  started_at: null,
  ended_at: null,
  version: 1,
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

/**
 * A trainer process that takes jobs.
 *
 * Access pattern: all: `workers#training` / `worker#<id>`
 */
export const workers = entity({
  type: 'worker',
  schema: z.object({
    worker_id: z.string(),
    job_id: z.string().nullable(),
    seen_at: z.string(),
    expires_at: z.int(),
  }),
  key: ({ worker_id }: { worker_id: string }) => ({ pk: 'workers#training', sk: `worker#${worker_id}` }),
});
