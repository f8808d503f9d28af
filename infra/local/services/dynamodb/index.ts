/**
 * DynamoDB: `gateway.register('dynamodb', await startDynamoDb({ ... }))` (it serves DynamoDB Streams too).
 * The engine is the `dynoxide` binary where it is installed, else DynamoDB Local on Java 17 or later (which
 * may lose its last acknowledged writes when it is killed, and listens on all interfaces; dynoxide does
 * neither). It runs on a leash, and only the gateway in front of it checks keys, grants and Origin.
 */
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../json.ts';
import { type Leashed, spawnLeashed } from '../../leash.ts';
import type { AwsCall, AwsReply, AwsService } from '../aws/call.ts';
import { createEngineClient, type EngineClient } from './engine-client.ts';
import { chooseEngine, dynoxideFile, type EngineName, type Launch, launchOf } from './engines.ts';
import { grantsOf, type PartitionKeyOf } from './grants.ts';
import { orderStream } from './stream-order.ts';
import { describeTable, ensureTable, type TableProperties } from './tables.ts';
import { sweepTable } from './ttl.ts';

export type { EngineName } from './engines.ts';

export interface DynamoDbOptions {
  /** Where the tables are kept; without one, in memory for as long as the engine runs. */
  readonly folder?: string;
  readonly region: string;
  readonly account: string;
  /** Default: the first that this machine has. */
  readonly engine?: EngineName;
  /** Interval of the TTL sweep, 60,000 by default; 0 for none. */
  readonly sweepMs?: number;
  readonly now?: () => number;
  readonly log?: (event: string, fields: Record<string, unknown>) => void;
}

export interface DynamoDb extends AwsService {
  readonly engine: EngineName;
  /** A call to the engine itself: `call('DescribeTable', {...})`, `call('GetRecords', {...})`. */
  call(action: string, input: object): Promise<JsonObject>;
  /**
   * Brings a table to its AWS::DynamoDB::Table or GlobalTable properties: created, indexes added, TTL set.
   * The stream's ARN is the engine's own and goes into GetShardIterator.
   */
  ensureTable(
    name: string,
    properties: TableProperties,
  ): Promise<{ arn: string; streamArn: string | undefined }>;
  /** Deletes the items whose TTL has passed; how many. */
  sweepExpired(): Promise<number>;
  /** Settles with the engine's exit code when it ends without having been asked to. */
  readonly died: Promise<number | null>;
  stop(): Promise<void>;
  /** SIGKILL to the engine, for tests of what survives it. */
  kill(): void;
}

const readyTimeout_ms = 30_000;
const startAttempts = 3;
const passedHeaders = ['content-type', 'content-length', 'x-amzn-requestid', 'x-amz-crc32'];

export const startDynamoDb = async (options: DynamoDbOptions): Promise<DynamoDb> => {
  const { region, account, now = Date.now, log = () => undefined } = options;
  const engine = await chooseEngine(options.engine);
  if (options.folder !== undefined) await mkdir(options.folder, { recursive: true });
  const { child, client } = await start(engine, options.folder);
  if (engine === 'dynoxide' && options.folder !== undefined) orderStream(dynoxideFile(options.folder));
  if (engine === 'dynamodb-local') log('dynamodb.listens_on_all_interfaces', { engine });
  let stopping = false;
  const naming = { region, account, partitionKeyOf: partitionKeys(client) };

  const sweepExpired = async () => {
    const { TableNames } = await client.call('ListTables', {});
    let deleted = 0;
    for (const table of (TableNames ?? []) as readonly string[]) {
      deleted += await sweepTable(client, table, Math.floor(now() / 1000));
    }
    return deleted;
  };
  const sweeper = periodically(
    options.sweepMs ?? 60_000,
    async () => {
      const deleted = await sweepExpired();
      if (deleted > 0) log('dynamodb.expired', { deleted });
    },
    log,
  );

  return {
    protocol: 'json',
    engine,
    requires: (call) => grantsOf(call, naming),
    handle: (call) => forward(client, call),
    call: client.call,
    ensureTable: async (name, properties) => {
      const { LatestStreamArn } = await ensureTable(client, name, properties);
      return { arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`, streamArn: LatestStreamArn };
    },
    sweepExpired,
    died: child.exited.then(({ code }) => (stopping ? new Promise(() => undefined) : code)),
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      stopping = true;
      sweeper.stop();
      client.close();
      await child.stop('SIGTERM', 5_000);
    },
  };
};

/** Another process may take the free port before the engine does, so a failed start is tried again. */
const start = async (
  engine: EngineName,
  folder: string | undefined,
): Promise<{ child: Leashed; client: EngineClient }> => {
  let said = '';
  for (let attempt = 0; attempt < startAttempts; attempt += 1) {
    const launch = await launchOf(engine, folder);
    const child = spawnLeashed(launch.command, launch.args);
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => {
        said = `${said}${chunk}`.slice(-2_000);
      });
    }
    const client = await untilReady(child, launch);
    if (client !== undefined) return { child, client };
    child.kill('SIGKILL');
  }
  throw new Error(`The DynamoDB engine ${engine} did not start. It said: ${said.trim() || 'nothing'}`);
};

const untilReady = async (child: Leashed, { host, port }: Launch): Promise<EngineClient | undefined> => {
  const client = createEngineClient(host, port);
  const deadline = performance.now() + readyTimeout_ms;
  while (child.running && performance.now() < deadline) {
    if ((await client.ping()) && child.running) return client;
    await sleep(20);
  }
  client.close();
  return undefined;
};

const forward = async (client: EngineClient, call: AwsCall): Promise<AwsReply> => {
  const answer = await client.forward(engineHeaders(call.headers), await call.bytes());
  const headers = passedHeaders.flatMap((name) => {
    const value = answer.headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  return { status: answer.status, headers: Object.fromEntries(headers), body: answer.body };
};

/** `host` and hop-by-hop headers are the connection's own. */
const engineHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    ['authorization', 'content-type', 'x-amz-date', 'x-amz-target'].flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** Key schemas never change, so one look at each table and index is enough. */
const partitionKeys = (client: EngineClient): PartitionKeyOf => {
  const known = new Map<string, string>();
  return async (table, index) => {
    const id = `${table} ${index ?? ''}`;
    const found = known.get(id);
    if (found !== undefined || table === '') return found;
    const state = await describeTable(client, table);
    const global = state?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index);
    const schema = global?.KeySchema ?? state?.KeySchema; // a local index shares the table's partition key
    const name = schema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    if (name !== undefined) known.set(id, name);
    return name;
  };
};

/** Runs `work` every `ms`, never twice at once; a failure is logged and the next turn tries again. */
const periodically = (ms: number, work: () => Promise<void>, log: NonNullable<DynamoDbOptions['log']>) => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = ms === 0;
  const next = () => {
    if (!stopped) timer = setTimeout(run, ms).unref();
  };
  const run = () => {
    work()
      .catch((error: unknown) => {
        if (!stopped) log('dynamodb.sweep_failed', { error: String(error) });
      })
      .finally(next);
  };
  next();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
