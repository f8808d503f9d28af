import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { RunTaskCommand } from '@aws-sdk/client-ecs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { documents, ecs, sqs } from '#shared/aws/clients.ts';
import { isWaiting } from '#shared/domain/jobs/states.ts';
import { readEnv } from '#shared/env.ts';
import { systemClock } from '#shared/ids.ts';
import { jobs, queued, type TrainingJob, workers, workersKey } from '#shared/jobs/job.ts';
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
  'TRAINER_SUBNETS',
  'TRAINER_SECURITY_GROUP',
);
const table = createTable(documents(), env.TABLE_NAME);
const { now } = systemClock;

/** A task that was started needs up to this long until it takes its first job. */
const coldStartMs = 120_000;
/** A worker that was not seen for longer is gone. */
const workerSilenceMs = 20_000;

const doorbell = z.strictObject({ job_id: z.string().min(1).max(64) });

const processor = new BatchProcessor(EventType.SQS);

/** One after the other: each ring must see the launches of those before it, or a batch exceeds the cap. */
const options = { throwOnFullBatchFailure: false, processInParallel: false } as const;

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
  if (job?.kind !== 'training' || !isWaiting(job.state)) return;
  if (isRecent(job.launched_at, coldStartMs)) return;
  if (await somebodyWillTakeIt(job)) return;
  const launch = await countLaunch(job);
  if (launch) await runTrainer(launch);
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
const countLaunch = (job: TrainingJob): Promise<TrainingJob | undefined> =>
  unlessChanged(async () => {
    const next = { ...job, launch: job.launch + 1, launched_at: now().toISOString() };
    await table.write(table.replace(queued.training, job, next));
    return { ...next, version: job.version + 1 };
  });

async function runTrainer(job: TrainingJob): Promise<void> {
  const reply = await requestTask(job).catch(async (error: unknown) => {
    // the ring comes again, and must not take this for a launch on its way
    await forgetLaunch(job);
    throw error;
  });
  // a refusal for want of capacity is a 200 with failures
  if ((reply.failures ?? []).length === 0) {
    logger.info('training.launched', { job_id: job.job_id, launch: job.launch });
    return;
  }
  count('training.capacity_refused');
  logger.warn('training.refused', { job_id: job.job_id, reason: reply.failures?.[0]?.reason });
  await ringLater(job);
}

const requestTask = (job: TrainingJob) =>
  ecs().send(
    new RunTaskCommand({
      cluster: env.CLUSTER_ARN,
      taskDefinition: env.TRAINER_TASK_DEFINITION_ARN,
      clientToken: `${job.job_id}-${job.launch}`,
      startedBy: job.job_id,
      count: 1,
      propagateTags: 'TASK_DEFINITION',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: env.TRAINER_SUBNETS,
          securityGroups: [env.TRAINER_SECURITY_GROUP],
          assignPublicIp: 'ENABLED',
        },
      },
      overrides: {
        containerOverrides: [
          { name: env.TRAINER_CONTAINER, environment: [{ name: 'JOB_ID', value: job.job_id }] },
        ],
      },
    }),
  );

const forgetLaunch = (job: TrainingJob) =>
  unlessChanged(() => table.write(table.replace(queued.training, job, { ...job, launched_at: null })));

async function ringLater(job: TrainingJob): Promise<void> {
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
