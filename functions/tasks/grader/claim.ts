import type { JobWorld } from '#shared/jobs/advance.ts';
import { inFairOrder } from '#shared/jobs/fairness.ts';
import { type GradingJob, type Job, jobs } from '#shared/jobs/job.ts';
import { claim, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { persist } from './persist.ts';

/** Of the waiting so many are looked at. */
const looksAt = 25;

/** Takes the next waiting job. The one that the doorbell named is taken when the index does not show it yet. */
export async function claimNext(
  world: JobWorld,
  worker: string,
  named?: string,
): Promise<GradingJob | undefined> {
  const waiting = await persist('queue.look', () => waitingJobs(world, 'grading', looksAt));
  for (const job of await persist('queue.turns', () => inFairOrder(world.table, waiting))) {
    const mine = await claimSurely(world, job, worker);
    if (mine) return mine;
  }
  if (named === undefined || waiting.some(({ job_id }) => job_id === named)) return undefined;
  const job = await persist('queue.named', () =>
    world.table.get(jobs, { job_id: named }, { consistent: true }),
  );
  return job && 'fair_at' in job ? claimSurely(world, job, worker) : undefined;
}

/**
 * A claim whose reply was lost may have been carried out. One process makes one claim at a time, so a job that runs
 * in its name, one attempt further, is the one it just claimed.
 */
function claimSurely<J extends GradingJob>(world: JobWorld, job: J, worker: string): Promise<J | undefined> {
  return persist('job.claim', async (attempt) => {
    const mine = await claim(world, job, worker);
    if (mine || attempt === 1) return mine;
    const now = await world.table.get(jobs, job, { consistent: true });
    return now && isClaimed(now, job, worker) ? { ...job, ...now } : undefined;
  });
}

const isClaimed = (now: Job, seen: Job, worker: string): boolean =>
  now.state === 'running' && now.worker === worker && now.attempt === seen.attempt + 1;
