import type { GradingJob } from '#shared/jobs/job.ts';
import { count, errorFields, logger, publishMetrics } from '#shared/observability.ts';
import { claimNext } from './claim.ts';
import type { Doorbell, Ring } from './doorbell.ts';
import { giveBack } from './holding.ts';
import type { Came, GraderWorld, Work } from './world.ts';

interface Options {
  readonly world: GraderWorld;
  /** Who this worker is: its task, so that the news of a stopped task names it. */
  readonly worker: string;
  readonly slots: number;
  readonly doorbell: Doorbell;
  readonly work: Work;
}

/**
 * Works through the grading queue with so many slots until the task is asked to end. A slot that is free waits for a
 * ring; the queue keeps what rings for jobs that nobody is free for, so its length is the backlog.
 */
export async function runGrader(options: Options): Promise<void> {
  let looked = false;
  const next = oneAtATime(async () => {
    // whom this grader follows may have died with a ring in its hands: the first look waits for none
    const ring = looked ? await options.doorbell.wait(options.world.ending) : undefined;
    looked = true;
    return nextJob(options, ring);
  });
  await Promise.all(
    Array.from({ length: options.slots }, async () => {
      while (!options.world.ending.aborted) {
        const job = await next();
        if (job) await runJob(options, job);
      }
    }),
  );
}

/** Claims of one process never overlap: what runs in its name is what it claimed last. */
function oneAtATime<T>(act: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const mine = last.then(act);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Some waiting job for a ring; without one too, because rings may get lost. */
async function nextJob({ world, worker }: Options, ring: Ring | undefined): Promise<GradingJob | undefined> {
  if (world.ending.aborted) {
    await ring?.again();
    return undefined;
  }
  try {
    const job = await claimNext(world, worker, ring?.job_id);
    void ring?.answered();
    return job;
  } catch (error) {
    logger.error('grader.claim_failed', errorFields(error));
    return undefined;
  }
}

async function runJob({ world, work }: Options, job: GradingJob): Promise<void> {
  const { job_id, kind, attempt } = job;
  const startedAt = performance.now();
  const came = await workOn(world, work, job);
  const duration_ms = Math.round(performance.now() - startedAt);
  logger.info('grader.job_ended', { job_id, kind, attempt, came, duration_ms });
  count(`grading.${came}`);
  publishMetrics();
}

/** A failure of ours is a death of the worker, as far as the job is concerned: it is tried again, thrice in all. */
async function workOn(world: GraderWorld, work: Work, job: GradingJob): Promise<Came | 'failed'> {
  try {
    return await begin(world, work, job);
  } catch (error) {
    logger.error('grader.job_failed', { job_id: job.job_id, kind: job.kind, ...errorFields(error) });
    await giveBack(world, job).catch((reason: unknown) => {
      // its lease runs out and the reaper finds it
      logger.warn('grader.not_given_back', { job_id: job.job_id, ...errorFields(reason) });
    });
    return 'failed';
  }
}

function begin(world: GraderWorld, work: Work, job: GradingJob): Promise<Came> {
  switch (job.kind) {
    case 'execution':
      return work.execution(world, job);
    case 'submission':
      return work.submission(world, job);
    case 'certification':
      return work.certification(world, job);
    case 'regrade':
      return work.regrade(world, job);
    case 'similarity':
      return work.similarity(world, job);
  }
}
