import type { GradingJob } from '#shared/jobs/job.ts';
import { waitingJobs } from '#shared/jobs/lifecycle.ts';
import type { CodeWorld } from './world.ts';

/** How far the queue is looked through; beyond it the position is "100 or more" and shown as that. */
const queueDepth = 100;

/** Places of waiting jobs from one look at the queue, 1 is next. */
export async function queuePositions(world: CodeWorld): Promise<(job_id: string) => number> {
  const waiting = await waitingJobs(world, 'grading', queueDepth);
  const places = new Map(waiting.map(({ job_id }, index) => [job_id, index + 1]));
  // the index may not show a job yet that has just come
  return (job_id) => places.get(job_id) ?? places.size + 1;
}

export const queuePosition = async (world: CodeWorld, { job_id }: GradingJob): Promise<number> =>
  (await queuePositions(world))(job_id);
