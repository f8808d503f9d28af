import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { RunTaskCommand } from '@aws-sdk/client-ecs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { dynamoDb, ecs, sqs } from '#shared/aws/clients.ts';
import { isWaiting } from '#shared/domain/jobs/states.ts';
import { readEnv } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import {
  isLaunched,
  type Job,
  jobs,
  type LaunchedJob,
  type TrainingJob,
  workers,
  workersKey,
} from '#shared/jobs/job.ts';
import { runningJobs, unlessChanged, waitingJobs } from '#shared/jobs/lifecycle.ts';
import { takeable } from '#shared/jobs/training-turns.ts';
import { count, logger, publishMetrics } from '#shared/observability.ts';
import { createTable } from '#shared/table/table.ts';

const env = readEnv(
  'TABLE_NAME',
  'SCHOOL_SETTINGS',
  'TRAINING_QUEUE_URL',
  'CLUSTER_ARN',
  'TRAINER_TASK_DEFINITION_ARN',
  'TRAINER_CONTAINER',
  'CALIBRATOR_TASK_DEFINITION_ARN',
  'CALIBRATOR_CONTAINER',
  'TASK_SUBNETS',
  'TASK_SECURITY_GROUP',
);
const table = createTable(dynamoDb(), env.TABLE_NAME);
const { now } = systemClock;

/** A task that was started needs up to this long until it takes its first job. */
const coldStartMs = 120_000;
/** A worker that was not seen for longer is gone. */
const workerSilenceMs = 20_000;

const doorbell = z.strictObject({ job_id: z.string().min(1).max(64) });

const processor = new BatchProcessor(EventType.SQS);

/** One after the other: each ring must see the launches of those before it, or a batch exceeds the cap. */
const options = { throwOnFullBatchFailure: false, processInParallel: false } as const;

/** What gets a task of its own, and which. */
const tasks = {
  training: { definition: env.TRAINER_TASK_DEFINITION_ARN, container: env.TRAINER_CONTAINER },
  calibration: { definition: env.CALIBRATOR_TASK_DEFINITION_ARN, container: env.CALIBRATOR_CONTAINER },
} as const;

/** Calibrations that run at once; whoever ends one takes the next. */
const mostCalibrations = 2;

/** Rings of the training queue: each makes sure that somebody will take the job it names. */
export const handler = async (event: SQSEvent) => {
  try {
    return await processPartialResponse(event, dispatch, processor, options);
  } finally {
    publishMetrics();
  }
};

async function dispatch({ body }: SQSRecord): Promise<void> {
  const { job_id } = doorbell.parse(JSON.parse(body));
  const job = await table.get(jobs, { job_id }, { consistent: true });
  if (!job || !isLaunched(job) || !isWaiting(job.state)) return;
  if (isRecent(job.launched_at, coldStartMs)) return;
  if (await (job.kind === 'training' ? somebodyWillTakeIt(job) : enoughCalibrators(job.job_id))) return;
  const launch = await countLaunch(job);
  if (launch) await runTask(launch);
}

/** A calibrator that comes for its own job counts until it has it. */
async function enoughCalibrators(job_id: string): Promise<boolean> {
  const [waiting, running] = await Promise.all([
    waitingJobs({ table }, 'calibration', 100),
    runningJobs({ table }, 'calibration'),
  ]);
  const coming = waiting.filter((one) => one.job_id !== job_id && isRecent(one.launched_at, coldStartMs));
  return running.length + coming.length >= mostCalibrations;
}

const isRecent = (instant: string | null, withinMs: number): boolean =>
  instant !== null && now().getTime() - Date.parse(instant) < withinMs;

/**
 * An idle trainer looks into the queue by itself; beyond the school's cap the job waits for one to get free. One whose
 * owner has as many running as a person may is taken by whoever ends one of those.
 */
async function somebodyWillTakeIt(job: TrainingJob): Promise<boolean> {
  const { max_concurrent_trainings, max_trainings_per_student } = env.SCHOOL_SETTINGS.limits;
  const [known, waiting, running] = await Promise.all([
    table.queryAll(workers, { pk: workersKey('training'), prefix: 'worker#' }),
    waitingJobs({ table }, 'training', 100),
    runningJobs({ table }, 'training'),
  ]);
  const others = waiting.filter(({ job_id }) => job_id !== job.job_id);
  // the index may not know the job yet
  const inLine = takeable([...others, job], running, max_trainings_per_student);
  const ahead = inLine.findIndex(({ job_id }) => job_id === job.job_id);
  if (ahead === -1) return true;
  const alive = known.filter(({ seen_at }) => isRecent(seen_at, workerSilenceMs));
  const coming = inLine.filter(({ launched_at }) => isRecent(launched_at, coldStartMs)).length;
  const idle = alive.filter(({ job_id }) => job_id === null).length;
  return idle + coming > ahead || alive.length + coming >= max_concurrent_trainings;
}

/** Counts the launch before making it, so that two rings make one, and a repeated call has the same token. */
const countLaunch = <J extends LaunchedJob>(job: J): Promise<J | undefined> =>
  unlessChanged(async () => {
    const next = { ...job, launch: job.launch + 1, launched_at: now().toISOString() };
    await table.write(table.replace<Job, { job_id: string }>(jobs, job, next));
    return { ...next, version: job.version + 1 };
  });

async function runTask(job: LaunchedJob): Promise<void> {
  const reply = await requestTask(job).catch(async (error: unknown) => {
    // the ring comes again, and must not take this for a launch on its way
    await forgetLaunch(job);
    throw error;
  });
  // a refusal for want of capacity is a 200 with failures
  if ((reply.failures ?? []).length === 0) {
    logger.info(`${job.kind}.launched`, { job_id: job.job_id, launch: job.launch });
    return;
  }
  count(`${job.kind}.capacity_refused`);
  logger.warn(`${job.kind}.refused`, { job_id: job.job_id, reason: reply.failures?.[0]?.reason });
  await ringLater(job);
}

const requestTask = (job: LaunchedJob) =>
  ecs().send(
    new RunTaskCommand({
      cluster: env.CLUSTER_ARN,
      taskDefinition: tasks[job.kind].definition,
      clientToken: `${job.job_id}-${job.launch}`,
      startedBy: job.job_id,
      count: 1,
      propagateTags: 'TASK_DEFINITION',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: env.TASK_SUBNETS,
          securityGroups: [env.TASK_SECURITY_GROUP],
          assignPublicIp: 'ENABLED',
        },
      },
      overrides: {
        containerOverrides: [
          { name: tasks[job.kind].container, environment: [{ name: 'JOB_ID', value: job.job_id }] },
        ],
      },
    }),
  );

const forgetLaunch = (job: LaunchedJob) =>
  unlessChanged(() => {
    const next: LaunchedJob = { ...job, launched_at: null };
    return table.write(table.replace<Job, { job_id: string }>(jobs, job, next));
  });

async function ringLater(job: LaunchedJob): Promise<void> {
  await forgetLaunch(job);
  const delay_s = Math.min(300, 5 * 2 ** Math.min(job.launch, 6));
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: env.TRAINING_QUEUE_URL,
      MessageBody: JSON.stringify({ job_id: job.job_id }),
      DelaySeconds: delay_s,
    }),
  );
}
