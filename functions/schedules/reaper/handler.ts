import * as z from 'zod';
import { dynamoDb, readableObjectsIn } from '#shared/aws/clients.ts';
import { type Queue, queues } from '#shared/domain/jobs/states.ts';
import { readEnv } from '#shared/env.ts';
import { endOverdueExams } from '#shared/exams/sweep.ts';
import type { ExamWorld } from '#shared/exams/world.ts';
import { systemClock } from '#shared/ids.ts';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { orphans, returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { isLaunched, type Job, workers } from '#shared/jobs/job.ts';
import { unlessChanged, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { count, logger, publishMetrics } from '#shared/observability.ts';
import { endOverdueAttempts } from '#shared/quizzes/sweep.ts';
import { createTable } from '#shared/table/table.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL_SETTINGS', 'ARTIFACTS_BUCKET', 'AWS_ENDPOINT_URL');
const world: JobWorld & ExamWorld = {
  table: createTable(dynamoDb(), env.TABLE_NAME),
  now: systemClock.now,
  events_days: env.SCHOOL_SETTINGS.retention.events_days,
  objects: readableObjectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
};

/** A job that waits for longer without a launch has lost its ring. */
const forgottenMs = 90_000;

/** ECS tells of a stopped task; the schedule's own event has no such detail. */
const taskStopped = z.object({
  'detail-type': z.literal('ECS Task State Change'),
  detail: z.object({ taskArn: z.string() }),
});

/**
 * Returns jobs of dead workers to the queue, rings again for those that nobody came for or will come for, and ends
 * quizzes and tests whose time is over.
 */
export async function handler(event: unknown): Promise<{ readonly returned: number; readonly rung: number }> {
  const stopped = taskStopped.safeParse(event);
  const dead = await orphans(world, stopped.success ? stopped.data.detail.taskArn : undefined);
  for (const job of dead) {
    const after = await returnFromDeadWorker(world, job);
    if (after)
      logger.warn('job.worker_died', { job_id: job.job_id, deaths: after.deaths, state: after.state });
  }
  const rung = stopped.success ? await ringAfterIdle(stopped.data.detail.taskArn) : await ringForgotten();
  if (dead.length > 0) count('job.worker_died', dead.length);
  if (!stopped.success) await endWhatIsOver();
  publishMetrics();
  return { returned: dead.length, rung };
}

async function endWhatIsOver(): Promise<void> {
  const quizzes = await endOverdueAttempts(world);
  if (quizzes > 0) logger.info('quiz.attempts_expired', { ended: quizzes });
  const exams = await endOverdueExams(world);
  if (exams > 0) logger.info('exam.sessions_expired', { ended: exams });
}

/**
 * A worker that ended by itself has taken itself off the list. One that did not may have been idle, and dispatch have
 * left a training to wait for it. A grader may have had a ring in its hands, which comes again much later: any of the
 * waiting stands for it.
 */
async function ringAfterIdle(worker_id: string): Promise<number> {
  if (await forgetWorker('grading', worker_id)) return ring(await waitingJobs(world, 'grading', ringsInHand));
  const known = await world.table.get(workers, { queue: 'training', worker_id }, { consistent: true });
  if (!known) return 0;
  await forgetWorker('training', worker_id);
  if (known.job_id !== null) return 0;
  const waiting = await waitingJobs(world, 'training', 100);
  return ring(waiting.filter(({ launched_at }) => launched_at === null));
}

const ringsInHand = 1;

/** Whether it was on the list. */
const forgetWorker = (queue: Queue, worker_id: string): Promise<boolean | undefined> =>
  unlessChanged(async () => {
    await world.table.write(world.table.remove(workers, { queue, worker_id }));
    return true;
  });

async function ringForgotten(): Promise<number> {
  const waiting = await Promise.all(queues.map((queue) => waitingJobs(world, queue, 100)));
  const before = world.now().getTime() - forgottenMs;
  return ring(
    waiting
      .flat()
      .filter(
        (job) =>
          Date.parse(job.queued_at) < before &&
          (!isLaunched(job) || job.launched_at === null || Date.parse(job.launched_at) < before),
      ),
  );
}

/** A new `queued_at` is what the projector rings for; the order among these stays. */
async function ring(waiting: readonly Job[]): Promise<number> {
  for (const job of waiting) {
    const queued_at = world.now().toISOString();
    await unlessChanged<Job>(() =>
      isLaunched(job)
        ? advance(world, job, { queued_at, launched_at: null })
        : advance(world, job, { queued_at }),
    );
  }
  return waiting.length;
}
