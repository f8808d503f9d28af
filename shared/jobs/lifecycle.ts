import { isFinal, isWaiting, maxDeaths } from '../domain/jobs/states.ts';
import { ConditionFailed } from '../table/table.ts';
import { advance, type JobWorld } from './advance.ts';
import { type Job, jobs, runningKey, waitingKey } from './job.ts';

/** A worker that is silent for longer is taken for dead. */
export const leaseMs = 30_000;

const leaseFrom = (now: Date): string => new Date(now.getTime() + leaseMs).toISOString();

/** Takes a waiting job: undefined when another worker was first. */
export async function claim(world: JobWorld, job: Job, worker: string): Promise<Job | undefined> {
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
export const renewLease = (world: JobWorld, job: Job): Promise<Job> =>
  advance(world, job, { lease_until: leaseFrom(world.now()) });

export const leasedUntil = leaseFrom;

/** Puts a job back into the queue after its worker stopped in order: nobody's fault. */
export const interrupt = (world: JobWorld, job: Job): Promise<Job> =>
  advance(world, job, waiting(world.now()));

const waiting = (now: Date) =>
  ({
    state: 'interrupted',
    worker: null,
    lease_until: null,
    launched_at: null,
    queued_at: now.toISOString(),
  }) as const;

/** Returns the job of a dead worker to the queue, or gives it up after the third death in a row. */
export async function returnFromDeadWorker(world: JobWorld, job: Job): Promise<Job | undefined> {
  const deaths = job.deaths + 1;
  if (deaths < maxDeaths)
    return unlessChanged(() => advance(world, job, { ...waiting(world.now()), deaths }));
  return unlessChanged(() =>
    advance(world, job, {
      state: 'failed',
      deaths,
      worker: null,
      lease_until: null,
      ended_at: world.now().toISOString(),
      error_code: 'job.worker_died',
      error_detail: `The process that ran it died ${deaths} times without getting any further.`,
    }),
  );
}

/** Jobs whose lease has run out, or whose worker is the task that stopped. */
export async function orphans(world: JobWorld, stoppedWorker?: string): Promise<Job[]> {
  const running = await world.table.queryAll(jobs, { index: 'gsi3', pk: runningKey('training') });
  const now = world.now().toISOString();
  return running.filter(({ worker, lease_until }) =>
    stoppedWorker === undefined ? lease_until !== null && lease_until < now : worker === stoppedWorker,
  );
}

export const waitingJobs = (world: Pick<JobWorld, 'table'>, limit?: number) =>
  world.table
    .query(jobs, { index: 'gsi3', pk: waitingKey('training'), ...(limit !== undefined && { limit }) })
    .then(({ items }) => items);

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
export async function redrive(world: JobWorld, job: Job): Promise<Job | undefined> {
  if (job.state !== 'failed' && job.state !== 'timed_out') return undefined;
  return unlessChanged(() =>
    advance(world, job, {
      state: 'queued',
      // one more death ends it again: "runs it once more"
      deaths: maxDeaths - 1,
      launched_at: null,
      queued_at: world.now().toISOString(),
      ended_at: null,
      error_code: null,
      error_detail: null,
    }),
  );
}

export async function unlessChanged<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
}
