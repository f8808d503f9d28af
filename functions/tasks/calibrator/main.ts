import { isMainThread } from 'node:worker_threads';
import { dynamoDb, objectsIn } from '#shared/aws/clients.ts';
import { taskArn } from '#shared/aws/task-arn.ts';
import { readEnv } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import { type CalibrationJob, jobs } from '#shared/jobs/job.ts';
import { claim, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { createTable } from '#shared/table/table.ts';
import { compute, computed } from './compute.ts';
import { type CalibratorWorld, runCalibration } from './run.ts';

const limit_s = 1_800;

/**
 * The calibrator task: runs the calibration that it was started for, then those that wait, and ends. Trainings have
 * tasks of their own: what reads keys and answers is not what runs students' configurations, and no calibration
 * takes a student's place.
 */
async function main(): Promise<void> {
  const env = readEnv(
    'TABLE_NAME',
    'SCHOOL_SETTINGS',
    'ARTIFACTS_BUCKET',
    'AWS_ENDPOINT_URL',
    'JOB_ID',
    'ECS_CONTAINER_METADATA_URI_V4',
  );
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort());
  process.once('SIGINT', () => ending.abort());
  const program = new URL(import.meta.url);
  const world: CalibratorWorld = {
    table: createTable(dynamoDb(), env.TABLE_NAME),
    now: systemClock.now,
    events_days: env.SCHOOL_SETTINGS.retention.events_days,
    objects: objectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL),
    limit_s,
    ending: ending.signal,
    compute: (input, watch) => computed(program, input, watch),
  };
  const worker = await taskArn(env.ECS_CONTAINER_METADATA_URI_V4);
  let job = env.JOB_ID === undefined ? undefined : await claimed(world, env.JOB_ID, worker);
  while (!ending.signal.aborted) {
    job ??= await claimedNext(world, worker);
    if (!job) return;
    await run(world, job);
    job = undefined;
  }
}

async function claimed(
  world: CalibratorWorld,
  job_id: string,
  worker: string,
): Promise<CalibrationJob | undefined> {
  const job = await world.table.get(jobs, { job_id }, { consistent: true });
  return job?.kind === 'calibration' ? claim(world, job, worker) : undefined;
}

async function claimedNext(world: CalibratorWorld, worker: string): Promise<CalibrationJob | undefined> {
  for (const { job_id } of await waitingJobs(world, 'calibration', 100)) {
    // the index may lag behind: what is claimed is the item itself
    const job = await claimed(world, job_id, worker);
    if (job) return job;
  }
  return undefined;
}

async function run(world: CalibratorWorld, job: CalibrationJob): Promise<void> {
  const { job_id, attempt } = job;
  logger.info('calibration.running', { job_id, attempt });
  const outcome = await runCalibration(world, job);
  logger.info('calibration.ended', { job_id, attempt, outcome });
}

if (isMainThread)
  await main().catch((error: unknown) => {
    logger.error('calibrator.failed', errorFields(error));
    process.exitCode = 1;
  });
else compute();
