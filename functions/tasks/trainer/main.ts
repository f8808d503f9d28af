import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { dynamoDb, s3 } from '#shared/aws/clients.ts';
import { taskArn } from '#shared/aws/task-arn.ts';
import { readEnv, type SchoolSettings } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { createTable } from '#shared/table/table.ts';
import { createArtifacts } from './artifacts.ts';
import { announce, claimNamed, claimNext, withdraw } from './claim.ts';
import { compute } from './compute.ts';
import { JobRun, type TrainerWorld } from './run.ts';
import { createSeriesStore } from './series-store.ts';

const pollEveryMs = 1_000;
const announceEveryMs = 5_000;

/**
 * The trainer task: takes the job it was started for, then whatever waits, until it has been idle for the time
 * that the school gives. SIGTERM lets it save a checkpoint and return its job to the queue.
 */
async function main(): Promise<void> {
  const env = readEnv(
    'TABLE_NAME',
    'SCHOOL_SETTINGS',
    'ARTIFACTS_BUCKET',
    'JOB_ID',
    'ECS_CONTAINER_METADATA_URI_V4',
  );
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort());
  process.once('SIGINT', () => ending.abort());
  const table = createTable(dynamoDb(), env.TABLE_NAME);
  const { limits, retention } = env.SCHOOL_SETTINGS;
  const world: TrainerWorld = {
    table,
    now: systemClock.now,
    events_days: retention.events_days,
    checkpoints_days: retention.checkpoints_days,
    limit_s: limits.max_training_minutes * 60,
    artifacts: createArtifacts(s3(), env.ARTIFACTS_BUCKET),
    series: createSeriesStore(table, s3(), env.ARTIFACTS_BUCKET),
    program: new URL(import.meta.url),
    ending: ending.signal,
  };
  const worker = await taskArn(env.ECS_CONTAINER_METADATA_URI_V4);
  await work(world, worker, env.JOB_ID, limits);
}

async function work(
  world: TrainerWorld,
  worker: string,
  named: string | undefined,
  limits: SchoolSettings['limits'],
): Promise<void> {
  const idleMs = limits.trainer_idle_s * 1000;
  const next = () => claimNext(world, worker, limits.max_trainings_per_student);
  const presence = new Presence(world, worker);
  try {
    let current = named === undefined ? undefined : await claimNamed(world, named, worker);
    let idleSince = performance.now();
    // a job that was claimed goes back into the queue by being run, however short
    while (current || !world.ending.aborted) {
      current ??= await next();
      if (current) {
        await presence.tell(current.job_id);
        await runJob(world, current);
        current = undefined;
        idleSince = performance.now();
        await presence.tell(null);
      } else if (performance.now() - idleSince >= idleMs) {
        // out of the dispatcher's sight first, then a last look: no job falls between
        await presence.end();
        current = await next();
        if (!current) return;
      } else {
        if (performance.now() - idleSince < pollEveryMs) await presence.tell(null);
        await sleep(pollEveryMs, undefined, { signal: world.ending }).catch(() => undefined);
      }
    }
  } finally {
    await presence.end();
  }
}

/** What the dispatcher knows of this worker, told again and again; its writes never overtake one another. */
class Presence {
  readonly #world: TrainerWorld;
  readonly #worker: string;
  #job_id: string | null = null;
  #telling: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(world: TrainerWorld, worker: string) {
    this.#world = world;
    this.#worker = worker;
  }

  tell(job_id: string | null): Promise<unknown> {
    this.#job_id = job_id;
    this.#timer ??= setInterval(() => void this.tell(this.#job_id), announceEveryMs);
    return this.#next(() => announce(this.#world, this.#worker, job_id));
  }

  end(): Promise<unknown> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    return this.#next(() => withdraw(this.#world, this.#worker));
  }

  #next(act: () => Promise<unknown>): Promise<unknown> {
    this.#telling = this.#telling.then(act).catch((error: unknown) => {
      logger.warn('trainer.presence_failed', errorFields(error));
    });
    return this.#telling;
  }
}

async function runJob(world: TrainerWorld, job: TrainingJob): Promise<void> {
  logger.info('training.running', { job_id: job.job_id, attempt: job.attempt });
  const outcome = await new JobRun(world, job).run();
  logger.info('training.ended', { job_id: job.job_id, attempt: job.attempt, outcome });
}

if (isMainThread)
  await main().catch((error: unknown) => {
    logger.error('trainer.failed', errorFields(error));
    process.exitCode = 1;
  });
else compute();
