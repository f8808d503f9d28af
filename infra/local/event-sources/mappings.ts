import { randomUUID } from 'node:crypto';
import { Failure } from '../failure.ts';
import { evaluate } from '../iam.ts';
import {
  asFlag,
  asList,
  asNumber,
  asText,
  at,
  isObject,
  type Json,
  type JsonObject,
  textList,
} from '../json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Functions } from '../lambda/functions.ts';
import type { Deployed, Model } from '../model.ts';
import type { Roles } from '../roles.ts';
import type { Sqlite } from '../services/aws/sqlite.ts';
import type { Sqs } from '../services/sqs/index.ts';
import { QueueMapping } from './queue-mapping.ts';
import { SharedStream, type StreamCall } from './shared-stream.ts';
import { type GivenUp, StreamMapping, type StreamMappingServices } from './stream-mapping.ts';
import { Checkpoint, StreamReader, sequenceOf } from './stream-reader.ts';

export interface MappingOptions {
  readonly model: Model;
  readonly functions: Functions;
  readonly roles: Roles;
  readonly state: Sqlite;
  readonly sqs: Pick<Sqs, 'invoke'>;
  readonly streamCall: StreamCall;
  /** The engine's stream for the ARN of the template. */
  readonly engineStream: (streamArn: string) => string;
  readonly putObject: (roleArn: string, bucket: string, key: string, body: string) => Promise<void>;
  readonly arrange?: StreamMappingServices['arrange'];
  readonly failed: (error: unknown) => void;
}

export interface Mappings {
  readonly streams: readonly StreamMapping[];
  readonly queues: readonly QueueMapping[];
  /** The functions that they invoke. */
  readonly targets: readonly LambdaFunction[];
}

/** What Lambda calls in the function's name; without these grants a mapping cannot be created. */
const neededGrants = {
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  dynamodb: ['dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:DescribeStream'],
} as const;

/** The event source mappings of the template. */
export function createMappings(options: MappingOptions): Mappings {
  const enabled = options.model
    .ofType('AWS::Lambda::EventSourceMapping')
    .filter(({ properties }) => properties['Enabled'] !== false);
  const of = (service: keyof typeof neededGrants) =>
    enabled.filter((one) => sourceOf(one).startsWith(`arn:aws:${service}:`));
  const streams = new Map<string, SharedStream>();
  const streamOf = (arn: string): SharedStream => {
    const stream = streams.get(arn) ?? new SharedStream(options.streamCall);
    streams.set(arn, stream);
    return stream;
  };
  return {
    streams: of('dynamodb').map((one) => streamMapping(one, streamOf(sourceOf(one)), options)),
    queues: of('sqs').map((one) => queueMapping(one, options)),
    targets: enabled.map((one) => targetOf(one, options).target),
  };
}

const sourceOf = ({ properties }: Deployed): string => asText(properties['EventSourceArn']) ?? '';

const filtersOf = (properties: JsonObject): JsonObject[] =>
  asList(at(properties['FilterCriteria'], 'Filters')).flatMap((one) => {
    const pattern: Json = JSON.parse(asText(at(one, 'Pattern')) ?? '{}');
    return isObject(pattern) ? [pattern] : [];
  });

const reportsItems = (properties: JsonObject): boolean =>
  textList(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures');

/** -1, Lambda's word for "until the record expires". */
const bounded = (value: Json | undefined): number => {
  const number = asNumber(value) ?? -1;
  return number < 0 ? Number.POSITIVE_INFINITY : number;
};

function targetOf(
  one: Deployed,
  { functions, model, roles }: MappingOptions,
): { target: LambdaFunction; roleArn: string } {
  const target = functions.byName(asText(one.properties['FunctionName']) ?? '');
  const resource = model.ofType('AWS::Lambda::Function').find(({ ref }) => ref === target.setting.name);
  const roleArn = asText(resource?.properties['Role']) ?? '';
  const source = sourceOf(one);
  const service = source.startsWith('arn:aws:sqs:') ? 'sqs' : 'dynamodb';
  const statements = roles.principals.get(roles.keyOf(roleArn)) ?? [];
  const absent = neededGrants[service].filter(
    (action) => evaluate(statements, { action, resource: source }) !== 'allowed',
  );
  if (absent.length > 0)
    throw new Failure(`${one.logicalId}: the role of ${target.setting.label} lacks ${absent.join(', ')}.`);
  return { target, roleArn };
}

function queueMapping(one: Deployed, options: MappingOptions): QueueMapping {
  const { model, sqs, failed } = options;
  const { properties } = one;
  const { target } = targetOf(one, options);
  const queueArn = sourceOf(one);
  const queue = model.ofType('AWS::SQS::Queue').find((candidate) => candidate.attribute('Arn') === queueArn);
  if (queue === undefined)
    throw new Error(`${one.logicalId} reads ${queueArn}, which is no queue of the template`);
  const setting = {
    queueUrl: queue.ref,
    queueArn,
    region: model.region,
    batchSize: asNumber(properties['BatchSize']) ?? 10,
    windowMs: (asNumber(properties['MaximumBatchingWindowInSeconds']) ?? 0) * 1000,
    filters: filtersOf(properties),
    reportsItemFailures: reportsItems(properties),
    concurrency:
      asNumber(at(properties['ScalingConfig'], 'MaximumConcurrency')) ?? target.setting.concurrency,
  };
  return new QueueMapping(setting, { target, sqs, failed });
}

/** Invocations that wait for their turn: fewer come and go between any two. */
const crowd = 8;

function streamMapping(one: Deployed, stream: SharedStream, options: MappingOptions): StreamMapping {
  const { functions, model, state, engineStream, putObject, failed, arrange } = options;
  const { properties, ref } = one;
  const { target, roleArn } = targetOf(one, options);
  const streamArn = sourceOf(one);
  const checkpoint = new Checkpoint(state, one.logicalId);
  const maxAge = bounded(properties['MaximumRecordAgeInSeconds']);
  const bucketArn = asText(at(properties['DestinationConfig'], 'OnFailure', 'Destination'));
  const giveUp = async (batch: GivenUp): Promise<void> => {
    if (bucketArn === undefined) return;
    const { key, body } = failureRecord(ref, streamArn, target.setting.arn, batch);
    await putObject(roleArn, bucketArn.replace('arn:aws:s3:::', ''), key, body);
  };
  const setting = {
    id: one.logicalId,
    streamArn,
    region: model.region,
    batchSize: asNumber(properties['BatchSize']) ?? 100,
    windowMs: (asNumber(properties['MaximumBatchingWindowInSeconds']) ?? 0) * 1000,
    filters: filtersOf(properties),
    reportsItemFailures: reportsItems(properties),
    bisects: asFlag(properties['BisectBatchOnFunctionError']),
    maxRetries: bounded(properties['MaximumRetryAttempts']),
    maxAgeMs: maxAge * 1000,
  };
  const reader = new StreamReader(stream, engineStream(streamArn), checkpoint);
  const crowded = () => functions.waiting >= crowd;
  const services = { target, reader, checkpoint, giveUp, failed, crowded };
  return new StreamMapping(setting, arrange === undefined ? services : { ...services, arrange });
}

/** Name and content as Lambda writes them: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
function failureRecord(
  id: string,
  streamArn: string,
  functionArn: string,
  batch: GivenUp,
): { key: string; body: string } {
  const now = new Date().toISOString();
  const created = (record: JsonObject | undefined): string =>
    new Date(Number(asText(at(record, 'dynamodb', 'ApproximateCreationDateTime'))) * 1000).toISOString();
  const [first] = batch.records;
  const last = batch.records.at(-1);
  const day = now.slice(0, 10).replaceAll('-', '/');
  const time = now.slice(0, 19).replaceAll(':', '.');
  const body = {
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.attempts,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: now,
    DDBStreamBatchInfo: {
      shardId: batch.shard,
      startSequenceNumber: sequenceOf(first),
      endSequenceNumber: sequenceOf(last),
      approximateArrivalOfFirstRecord: created(first),
      approximateArrivalOfLastRecord: created(last),
      batchSize: batch.records.length,
      streamArn,
    },
    payload: { Records: batch.records },
  };
  return {
    key: `aws/lambda/${id}/${batch.shard}/${day}/${time}-${randomUUID()}`,
    body: JSON.stringify(body),
  };
}
