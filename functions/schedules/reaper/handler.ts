import * as z from 'zod';
import { documents } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { orphans, returnFromDeadWorker, unlessChanged, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { count, logger, publishMetrics } from '#shared/observability.ts';
import { createTable } from '#shared/table/table.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL_SETTINGS');
const world: JobWorld = {
  table: createTable(documents(), env.TABLE_NAME),
  now: systemClock.now,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
};

/** A job that waits for longer without a launch has lost its ring. */
const forgottenMs = 90_000;

/** ECS tells of a stopped task; the schedule's own event has no such detail. */
const taskStopped = z.object({
  'detail-type': z.literal('ECS Task State Change'),
  detail: z.object({ taskArn: z.string() }),
});

/** Returns jobs of dead workers to the queue, and rings again for those that nobody came for. */
export async function handler(event: unknown): Promise<{ readonly returned: number; readonly rung: number }> {
  const stopped = taskStopped.safeParse(event);
  const dead = await orphans(world, stopped.success ? stopped.data.detail.taskArn : undefined);
  for (const job of dead) {
    const after = await returnFromDeadWorker(world, job);
    if (after)
      logger.warn('job.worker_died', { job_id: job.job_id, deaths: after.deaths, state: after.state });
  }
  const rung = stopped.success ? 0 : await ringAgain();
  if (dead.length > 0) count('job.worker_died', dead.length);
  publishMetrics();
  return { returned: dead.length, rung };
}

/** A new `queued_at` is what the projector rings for; the order among the forgotten stays. */
async function ringAgain(): Promise<number> {
  const before = world.now().getTime() - forgottenMs;
  const forgotten = (await waitingJobs(world, 100)).filter(
    ({ queued_at, launched_at }) =>
      Date.parse(queued_at) < before && (launched_at === null || Date.parse(launched_at) < before),
  );
  for (const job of forgotten)
    await unlessChanged(() =>
      advance(world, job, { queued_at: world.now().toISOString(), launched_at: null }),
    );
  return forgotten.length;
}
