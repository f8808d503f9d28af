/**
 * Brings a table to the properties that a template gives it (AWS::DynamoDB::Table or GlobalTable), as often
 * as one likes: created once, indexes added and removed later one by one as AWS does, TTL and stream set.
 * A key schema cannot change; that is an error here as it would be a replacement in CloudFormation.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../aws/call.ts';
import type { EngineClient } from './engine-client.ts';

export type TableProperties = Readonly<Record<string, unknown>>;

export interface TableState {
  readonly KeySchema?: readonly KeyElement[];
  readonly TableStatus?: string;
  readonly LatestStreamArn?: string;
  readonly StreamSpecification?: { readonly StreamEnabled?: boolean; readonly StreamViewType?: string };
  readonly GlobalSecondaryIndexes?: readonly IndexState[];
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface IndexState {
  readonly IndexName: string;
  readonly IndexStatus?: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection?: unknown;
}

type Engine = Pick<EngineClient, 'call'>;

const readyTimeout_ms = 30_000;

export const ensureTable = async (
  engine: Engine,
  name: string,
  properties: TableProperties,
): Promise<TableState> => {
  const existing = await describeTable(engine, name);
  if (existing === undefined) await createTable(engine, name, properties);
  else await updateTable(engine, name, existing, properties);
  const state = await untilActive(engine, name);
  await ensureTtl(engine, name, properties);
  return state;
};

export const describeTable = async (engine: Engine, name: string): Promise<TableState | undefined> => {
  try {
    const { Table } = await engine.call('DescribeTable', { TableName: name });
    return Table as TableState; // the engine's reply, in DynamoDB's documented shape
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
};

const createTable = async (engine: Engine, name: string, properties: TableProperties): Promise<void> => {
  const { AttributeDefinitions, KeySchema, LocalSecondaryIndexes } = properties;
  const indexes = indexesOf(properties);
  await engine.call('CreateTable', {
    TableName: name,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(LocalSecondaryIndexes === undefined ? {} : { LocalSecondaryIndexes }),
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
    ...(streamOf(properties) === undefined ? {} : { StreamSpecification: streamOf(properties) }),
  });
};

const updateTable = async (
  engine: Engine,
  name: string,
  existing: TableState,
  properties: TableProperties,
): Promise<void> => {
  if (keyText(existing.KeySchema) !== keyText(properties['KeySchema'])) {
    throw new Error(
      `The key schema of table ${name} has changed, which needs a new table (start with --fresh).`,
    );
  }
  const update = async (change: object) => {
    await engine.call('UpdateTable', { TableName: name, ...change });
    await untilActive(engine, name);
  };
  const wanted = indexesOf(properties);
  const present = existing.GlobalSecondaryIndexes ?? [];
  const isKept = (index: IndexState) =>
    wanted.some(
      (other) => other.IndexName === index.IndexName && keyText(other.KeySchema) === keyText(index.KeySchema),
    );
  for (const { IndexName } of present.filter((index) => !isKept(index))) {
    await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] });
  }
  const kept = new Set(present.filter(isKept).map(({ IndexName }) => IndexName));
  for (const index of wanted.filter(({ IndexName }) => !kept.has(IndexName))) {
    const { AttributeDefinitions } = properties;
    await update({ AttributeDefinitions, GlobalSecondaryIndexUpdates: [{ Create: index }] });
  }
  const stream = streamOf(properties);
  if (stream !== undefined && existing.StreamSpecification?.StreamEnabled !== true) {
    await update({ StreamSpecification: stream });
  }
};

const ensureTtl = async (engine: Engine, name: string, properties: TableProperties): Promise<void> => {
  const wanted = properties['TimeToLiveSpecification'] as
    | { AttributeName?: string; Enabled?: boolean }
    | undefined;
  if (wanted?.Enabled !== true || (await ttlAttribute(engine, name)) === wanted.AttributeName) return;
  await engine.call('UpdateTimeToLive', {
    TableName: name,
    TimeToLiveSpecification: { AttributeName: wanted.AttributeName, Enabled: true },
  });
};

/** The attribute that holds the expiry, if the table has TTL. */
export const ttlAttribute = async (engine: Engine, name: string): Promise<string | undefined> => {
  const { TimeToLiveDescription } = await engine.call('DescribeTimeToLive', { TableName: name });
  const state = TimeToLiveDescription as { TimeToLiveStatus?: string; AttributeName?: string } | undefined;
  return /^ENABL/.test(state?.TimeToLiveStatus ?? '') ? state?.AttributeName : undefined;
};

/** DynamoDB Local may answer 500 while it builds an index; that is a moment of not being active. */
const untilActive = async (engine: Engine, name: string): Promise<TableState> => {
  const deadline = performance.now() + readyTimeout_ms;
  while (performance.now() < deadline) {
    const state = await describeTable(engine, name).catch(orBusy);
    if (state !== undefined && isActive(state)) return state;
    await sleep(20);
  }
  throw new Error(`Table ${name} did not become active within ${readyTimeout_ms / 1000} s.`);
};

const orBusy = (error: unknown): undefined => {
  if (!(error instanceof AwsError && error.status >= 500)) throw error;
};

const isActive = ({ TableStatus, GlobalSecondaryIndexes = [] }: TableState): boolean =>
  TableStatus === 'ACTIVE' &&
  GlobalSecondaryIndexes.every(({ IndexStatus = 'ACTIVE' }) => IndexStatus === 'ACTIVE');

/** Only what an index is; throughput means nothing here. */
const indexesOf = (properties: TableProperties): IndexState[] => {
  const indexes = (properties['GlobalSecondaryIndexes'] ?? []) as readonly IndexState[]; // CloudFormation's shape
  return indexes.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
};

const streamOf = (properties: TableProperties): object | undefined => {
  const stream = properties['StreamSpecification'] as { StreamViewType?: string } | undefined;
  return stream && { StreamEnabled: true, StreamViewType: stream.StreamViewType ?? 'NEW_AND_OLD_IMAGES' };
};

/** Keys compared as text; the engines and templates order the members differently. */
const keyText = (schema: unknown): string =>
  ((schema ?? []) as readonly KeyElement[])
    .map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`)
    .join();
