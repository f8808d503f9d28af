import { mkdirSync } from 'node:fs';
import type { Adversity } from './adverse.ts';
import { type DataFolder, damaged } from './data-folder.ts';
import { Failure, messageOf } from './failure.ts';
import { type Fault, faults } from './gateway.ts';
import type { Ground } from './ground.ts';
import { asText } from './json.ts';
import type { Model } from './model.ts';
import type { AwsCall, AwsService } from './services/aws/call.ts';
import { type DynamoDb, startDynamoDb } from './services/dynamodb/index.ts';
import { createS3, type S3 } from './services/s3/index.ts';
import { createSqs, type Sqs } from './services/sqs/index.ts';

export interface StoresOptions {
  readonly ground: Ground;
  readonly data: DataFolder;
  readonly adversity: Adversity | undefined;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  /** Called after every call that may have written to a table. */
  readonly onWrite: () => void;
}

/** Tables, queues and buckets, reachable through the gateway. */
export interface Stores {
  readonly dynamodb: DynamoDb;
  readonly sqs: Sqs;
  /** The engine's stream for a stream's ARN in the template. */
  readonly engineStream: (streamArn: string) => string;
  close(): Promise<void>;
}

/** Starts the stores and brings their tables, queues and buckets to what the template says. */
export async function openStores({ ground, data, adversity, log, onWrite }: StoresOptions): Promise<Stores> {
  const { model, gateway } = ground;
  const place = { region: model.region, account: model.accountId };
  const sqs = createSqs({ file: data.at('sqs.sqlite'), baseUrl: gateway.url, ...place });
  mkdirSync(data.at('s3'), { recursive: true });
  mkdirSync(data.at('dynamodb'), { recursive: true });
  const [s3, dynamodb] = await Promise.all([
    data.opened('s3', (folder) => createS3({ folder, region: model.region })),
    startDynamoDb({ folder: data.at('dynamodb'), ...place, log }).catch((error: unknown) => {
      throw engineFailure(data, error);
    }),
  ]);
  ensureQueues(model, sqs);
  ensureBuckets(model, s3);
  const streams = await ensureTables(model, dynamodb);
  gateway.register('dynamodb', observed(dynamodb, onWrite, adversity));
  gateway.register('sqs', sqs);
  gateway.register('s3', s3);
  return {
    dynamodb,
    sqs,
    engineStream: (streamArn) => streams.get(streamArn) ?? streamArn,
    close: async () => {
      sqs.close();
      s3.close();
      await dynamodb.stop();
    },
  };
}

/** The engine's own words, which say when its file is no database any more. */
function engineFailure(data: DataFolder, error: unknown): Failure {
  const [sentence = ''] = messageOf(error).split('\n');
  return /not a valid sqlite|not a database|malformed|corrupt/i.test(sentence)
    ? damaged(data.path, 'dynamodb')
    : new Failure(sentence);
}

const reads = /^(Get|BatchGet|Query|Scan|Describe|List|TransactGet)/;

/** Tells of writes, so that the stream's readers look at once; and breaks transactions in the adverse mode. */
function observed(dynamodb: DynamoDb, onWrite: () => void, adversity: Adversity | undefined): AwsService {
  return {
    ...dynamodb,
    handle: async (call) => {
      if (call.target.startsWith('TransactWrite') && adversity?.conflicts())
        throw await errorOf(faults.transactionConflict(), call);
      const reply = await dynamodb.handle(call);
      if (!reads.test(call.target)) onWrite();
      return reply;
    },
  };
}

async function errorOf({ error }: Fault, call: AwsCall): Promise<Error> {
  const thrown = typeof error === 'function' ? await error(call) : error;
  return thrown ?? new Error('A fault without an error');
}

const queueAttributes = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
] as const;

function ensureQueues(model: Model, sqs: Sqs): void {
  const queues = model.ofType('AWS::SQS::Queue');
  // A dead-letter queue must exist before the queue that names it.
  const ordered = [
    ...queues.filter(({ properties }) => properties['RedrivePolicy'] === undefined),
    ...queues.filter(({ properties }) => properties['RedrivePolicy'] !== undefined),
  ];
  for (const queue of ordered) {
    const { properties } = queue;
    const simple = queueAttributes.flatMap((name) => {
      const value = asText(properties[name]);
      return value === undefined ? [] : [[name, value] as const];
    });
    const redrive = properties['RedrivePolicy'];
    const redriven = redrive === undefined ? [] : [['RedrivePolicy', JSON.stringify(redrive)] as const];
    sqs.ensureQueue(queue.attribute('QueueName'), Object.fromEntries([...simple, ...redriven]));
  }
}

function ensureBuckets(model: Model, s3: S3): void {
  for (const { ref } of model.ofType('AWS::S3::Bucket')) s3.ensureBucket(ref);
}

async function ensureTables(model: Model, dynamodb: DynamoDb): Promise<Map<string, string>> {
  const streams = new Map<string, string>();
  for (const table of model.ofType('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table')) {
    const { streamArn } = await dynamodb.ensureTable(table.ref, table.properties);
    if (streamArn !== undefined) streams.set(table.attribute('StreamArn'), streamArn);
  }
  return streams;
}
