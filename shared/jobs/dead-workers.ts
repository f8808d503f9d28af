import { maxDeaths, queues } from '../domain/jobs/states.ts';
import { advance, type JobWorld } from './advance.ts';
import { failureWrites } from './failure.ts';
import type { Job, JobCore } from './job.ts';
import { runningJobs, unlessChanged, waitingAgain } from './lifecycle.ts';

/** What may have killed its worker does not kill the next before others had their turn. */
const behindOthersMs = 10_000;
const behindOthers = (job: Job, now: Date) =>
  'fair_at' in job
    ? {
        fair_at: new Date(Math.max(now.getTime(), Date.parse(job.fair_at)) + behindOthersMs).toISOString(),
      }
    : {};

/** Returns the job of a dead worker to the queue, or gives it up after the third death in a row. */
export async function returnFromDeadWorker<J extends Job>(world: JobWorld, job: J): Promise<J | undefined> {
  const deaths = job.deaths + 1;
  if (deaths < maxDeaths)
    return unlessChanged(() =>
      advance(world, job, { ...waitingAgain(job, world.now()), ...behindOthers(job, world.now()), deaths }),
    );
  const also = await failureWrites(world.table, job);
  const change: Partial<JobCore> = {
    state: 'failed',
    deaths,
    worker: null,
    lease_until: null,
    ended_at: world.now().toISOString(),
    error_code: 'fair_at' in job ? 'grader.failed' : 'job.worker_died',
    error_detail: `The process that ran it died ${deaths} times without getting any further.`,
  };
  return unlessChanged(() => advance(world, job, change, [], also));
}

/** Jobs whose lease has run out, or whose worker is the task that stopped. */
export async function orphans(world: JobWorld, stoppedWorker?: string): Promise<Job[]> {
  const running = (await Promise.all(queues.map((queue) => runningJobs(world, queue)))).flat();
  const now = world.now().toISOString();
  return running.filter(({ worker, lease_until }) =>
    stoppedWorker === undefined ? lease_until !== null && lease_until < now : worker === stoppedWorker,
  );
}
