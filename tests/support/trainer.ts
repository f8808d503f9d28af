/** A trainer in this process: the task's own code with its computing thread, a table and a bucket beside it. */
import { S3Client } from '@aws-sdk/client-s3';
import { createArtifacts } from '#functions/tasks/trainer/artifacts.ts';
import type { TrainerWorld } from '#functions/tasks/trainer/run.ts';
import { createSeriesStore } from '#functions/tasks/trainer/series-store.ts';
import { adminKeyId, localSecret, startGateway } from '#infra/local/gateway.ts';
import { createS3 } from '#infra/local/services/s3/index.ts';
import { ppoHyperparameters, type RecordedConfig } from '#shared/contracts/training.ts';
import { uuidv7 } from '#shared/ids.ts';
import { type JobWorld, newJobWrites, topicOf } from '#shared/jobs/advance.ts';
import { newTraining, queued, type TrainingJob } from '#shared/jobs/job.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import type { Table } from '#shared/table/table.ts';
import type { Person } from './school.ts';
import { scratch } from './scratch.ts';
import { aTable } from './table.ts';

const place = { region: 'eu-west-1', account: '000000000000' };
const bucket = 'artifacts';

export const tinyConfig: Extract<RecordedConfig, { algorithm: 'ppo' }> = {
  algorithm: 'ppo',
  hyperparameters: ppoHyperparameters.parse({ n_steps: 256, n_epochs: 10 }),
  environment: 'CartPole-v1',
  env_kwargs: {},
  max_steps: 3072,
  eval_frequency: 1024,
  save_frequency: 1024,
  seed: 7,
  engine: 'reference',
};

export const newJob = (more: Partial<TrainingJob> = {}): TrainingJob => ({
  ...newTraining(
    {
      job_id: uuidv7(),
      owner_id: 'mina',
      owner_name: '김민아',
      org_id: 'school',
      class_id: null,
      config: tinyConfig,
    },
    new Date(),
  ),
  ...more,
});

/** A training of somebody, put into their school's table. */
export const aTrainingOf = (
  { user_id: owner_id, name: owner_name, org_id }: Person,
  table: Table,
  more: Partial<TrainingJob>,
): Promise<TrainingJob> =>
  jobsOf({ table, now: () => new Date(), events_days: 30 }).create({ owner_id, owner_name, org_id, ...more });

/** What a job's table holds, for tests to look at. */
export const jobsOf = (world: JobWorld) => ({
  create: async (more: Partial<TrainingJob> = {}): Promise<TrainingJob> => {
    const job = newJob(more);
    await world.table.write(...newJobWrites(world, job));
    return job;
  },
  read: async (job_id: string): Promise<TrainingJob> => {
    const job = await world.table.get(queued.training, { job_id }, { consistent: true });
    if (!job) throw new Error(`no job ${job_id}`);
    return job;
  },
  eventsOf: (job_id: string) => world.table.queryAll(events, { pk: eventsKey(topicOf({ job_id })) }),
});

export async function aTrainer() {
  const { table, endpoint, stop } = await aTable();
  const folder = scratch('trainer');
  const gateway = await startGateway({ ...place, principals: new Map() });
  const store = await createS3({ folder, region: place.region });
  store.ensureBucket(bucket);
  gateway.register('s3', store);
  const s3 = new S3Client({
    endpoint: gateway.url,
    region: place.region,
    forcePathStyle: true,
    credentials: { accessKeyId: adminKeyId, secretAccessKey: localSecret },
  });
  const base: JobWorld = { table, now: () => new Date(), events_days: 30 };
  const artifacts = createArtifacts(s3, bucket);
  /** A world whose task is asked to end by the signal, and whose thread runs the program. */
  const world = (
    ending: AbortSignal = new AbortController().signal,
    program = new URL('./trainer-thread.ts', import.meta.url),
  ): TrainerWorld => ({
    ...base,
    artifacts,
    series: createSeriesStore(table, s3, bucket),
    checkpoints_days: 30,
    program,
    ending,
    limit_s: 3600,
  });
  return {
    ...jobsOf(base),
    base,
    table,
    s3,
    bucket,
    artifacts,
    world,
    /** What the task finds in its environment. */
    environment: {
      AWS_REGION: place.region,
      AWS_ACCESS_KEY_ID: adminKeyId,
      AWS_SECRET_ACCESS_KEY: localSecret,
      AWS_ENDPOINT_URL_S3: gateway.url,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      TABLE_NAME: table.name,
      ARTIFACTS_BUCKET: bucket,
    },
    stop: async () => {
      s3.destroy();
      await gateway.close();
      store.close();
      await stop();
    },
  };
}
