import type { JobWorld } from '#shared/jobs/advance.ts';
import { jobs, type TrainingJob, workers } from '#shared/jobs/job.ts';
import { claim, runningJobs, unlessChanged, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { takeable } from '#shared/jobs/training-turns.ts';

/** A worker record outlives its worker by little. */
const recordForS = 300;

/** Tells the dispatcher that this worker lives, and whether it is free. */
export const announce = (world: JobWorld, worker_id: string, job_id: string | null): Promise<void> => {
  const now = world.now();
  const expires_at = Math.floor(now.getTime() / 1000) + recordForS;
  return world.table.write(
    world.table.put(workers, {
      queue: 'training',
      worker_id,
      job_id,
      off_reason: null,
      seen_at: now.toISOString(),
      expires_at,
    }),
  );
};

/** Takes this worker off the dispatcher's list, if it ever got there. */
export const withdraw = (world: JobWorld, worker_id: string): Promise<unknown> =>
  unlessChanged(() => world.table.write(world.table.remove(workers, { queue: 'training', worker_id })));

/** The job this task was started for, if it still waits. */
export async function claimNamed(
  world: JobWorld,
  job_id: string,
  worker: string,
): Promise<TrainingJob | undefined> {
  const job = await world.table.get(jobs, { job_id }, { consistent: true });
  return job?.kind === 'training' ? claim(world, job, worker) : undefined;
}

/** The next waiting job, in turn, of somebody who has not as many running as the school gives one person. */
export async function claimNext(
  world: JobWorld,
  worker: string,
  perPerson: number,
): Promise<TrainingJob | undefined> {
  const waiting = await waitingJobs(world, 'training', 100);
  if (waiting.length === 0) return undefined;
  for (const { job_id } of takeable(waiting, await runningJobs(world, 'training'), perPerson)) {
    // the index may lag behind: what is claimed is the item itself
    const claimed = await claimNamed(world, job_id, worker);
    if (claimed) return claimed;
  }
  return undefined;
}
