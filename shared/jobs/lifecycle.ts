import { isFinal, isWaiting, maxDeaths, type Queue } from '../domain/jobs/states.ts';
import { ConditionFailed, type Write } from '../table/table.ts';
import { advance, type Change, type JobWorld } from './advance.ts';
import {
  isLaunched,
  type Job,
  type JobCore,
  type JobOfQueue,
  jobs,
  queued,
  runningKey,
  type TrainingJob,
  waitingKey,
} from './job.ts';

/** A worker that is silent for longer is taken for dead. */
export const leaseMs = 30_000;

const leaseFrom = (now: Date): string => new Date(now.getTime() + leaseMs).toISOString();

/** Takes a waiting job: undefined when another worker was first. */
export async function claim<J extends Job>(world: JobWorld, job: J, worker: string): Promise<J | undefined> {
  if (!isWaiting(job.state)) return undefined;
  const now = world.now();
  return unlessChanged(() =>
    advance(world, job, {
      state: 'running',
      attempt: job.attempt + 1,
      worker,
      lease_until: leaseFrom(now),
      started_at: job.started_at ?? now.toISOString(),
    }),
  );
}

/** Tells that the worker lives; a change of the index key only, no event. */
export const renewLease = <J extends Job>(world: JobWorld, job: J): Promise<J> =>
  advance(world, job, { lease_until: leaseFrom(world.now()) });

export const leasedUntil = leaseFrom;

/** Puts a job back into the queue after its worker stopped in order: nobody's fault. Or it pauses, if that was asked. */
export const interrupt = <J extends Job>(world: JobWorld, job: J): Promise<J> =>
  advance(world, job, waitingAgain(job, world.now()));

/** Back into the queue. Where turns are taken by `fair_at` the job keeps its own. */
export const waitingAgain = (job: Job, now: Date): Partial<JobCore> => ({
  state: 'interrupted',
  worker: null,
  lease_until: null,
  queued_at: now.toISOString(),
  ...notLaunched(job),
  ...(job.kind === 'training' && job.pause_requested && pausedNow),
});

const pausedNow = { state: 'paused', pause_requested: false } as const;

const notLaunched = (job: Job) => (isLaunched(job) ? { launched_at: null } : {});

type Tables = Pick<JobWorld, 'table'>;

/** What waits in a queue, in turn. */
export async function waitingJobs<Q extends Queue>(
  { table }: Tables,
  queue: Q,
  limit: number,
): Promise<JobOfQueue[Q][]> {
  return (await table.query(queued[queue], { index: 'gsi3', pk: waitingKey(queue), limit })).items;
}

export const runningJobs = <Q extends Queue>({ table }: Tables, queue: Q): Promise<JobOfQueue[Q][]> =>
  table.queryAll(queued[queue], { index: 'gsi3', pk: runningKey(queue) });

/**
 * Pauses a training: one that waits at once, one that runs as soon as its worker has saved where it is.
 *
 * @returns the training as it is then; a final one stays what it is
 */
export const pause = (world: JobWorld, job_id: string): Promise<TrainingJob | undefined> =>
  changedTraining(world, job_id, ({ state }) => {
    if (state === 'running') return { pause_requested: true };
    return isWaiting(state) ? { state: 'paused', launched_at: null } : undefined;
  });

/** Puts a paused training back into the queue; one that is about to pause goes on. Another stays what it is. */
export const resume = (world: JobWorld, job_id: string): Promise<TrainingJob | undefined> =>
  changedTraining(world, job_id, ({ state, pause_requested }) => {
    if (pause_requested) return { pause_requested: false };
    const now = world.now().toISOString();
    return state === 'paused'
      ? { state: 'queued', queued_at: now, turn_at: now, launched_at: null }
      : undefined;
  });

/** Changes a training as it is at this moment, however often others change it in between. */
async function changedTraining(
  world: JobWorld,
  job_id: string,
  change: (job: TrainingJob) => Change<TrainingJob> | undefined,
): Promise<TrainingJob | undefined> {
  for (;;) {
    const job = await world.table.get(jobs, { job_id }, { consistent: true });
    if (job?.kind !== 'training') return undefined;
    const wanted = change(job);
    if (!wanted) return job;
    const changed = await unlessChanged(() => advance(world, job, wanted));
    if (changed) return changed;
  }
}

/** Cancels, whoever runs it: the worker's next write finds another version and stops. */
export async function cancel(world: JobWorld, job_id: string): Promise<Job | undefined> {
  for (;;) {
    const job = await world.table.get(jobs, { job_id }, { consistent: true });
    if (!job || isFinal(job.state)) return job;
    const cancelled = await unlessChanged(() =>
      advance(world, job, {
        state: 'cancelled',
        worker: null,
        lease_until: null,
        ended_at: world.now().toISOString(),
      }),
    );
    if (cancelled) return cancelled;
  }
}

/** Runs a failed job once more, from its last checkpoint; undefined when it has not failed. */
export async function redrive<J extends Job>(
  world: JobWorld,
  job: J,
  also: readonly Write[] = [],
): Promise<J | undefined> {
  if (job.state !== 'failed' && job.state !== 'timed_out') return undefined;
  const change: Partial<JobCore> = {
    state: 'queued',
    // one more death ends it again: "runs it once more"
    deaths: maxDeaths - 1,
    queued_at: world.now().toISOString(),
    ended_at: null,
    error_code: null,
    error_detail: null,
    ...notLaunched(job),
  };
  return unlessChanged(() => advance(world, job, change, [], also));
}

export async function unlessChanged<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
}
