/** The same behaviour is expected of both engines; DynamoDB Local takes part where Java 17 is installed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { javaVersion } from '#infra/local/services/dynamodb/engines.ts';
import { type DynamoDb, type EngineName, startDynamoDb } from '#infra/local/services/dynamodb/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';
import { attributes, bump, index, key, properties, TableName, tableArn } from '#tests/support/cloud-table.ts';
import { scratch } from '#tests/support/scratch.ts';

const hasJava = (await javaVersion()) >= 17;
const hasBinary = process.platform === 'linux' && process.arch === 'x64';
const engines: EngineName[] = [
  ...(hasBinary ? ['dynoxide' as const] : []),
  ...(hasJava ? ['dynamodb-local' as const] : []),
];

describe.each(engines)('on %s', (engine) => {
  let folder: string;
  let cloud: Awaited<ReturnType<typeof startCloud>>;
  let dynamo: DynamoDb;
  let table: { arn: string; streamArn: string | undefined };
  let documents: DynamoDBDocumentClient;
  let clock_ms = 0;

  const start = async () => {
    const now = () => Date.now() + clock_ms;
    dynamo = await startDynamoDb({ folder, region, account, engine, sweepMs: 0, now });
    cloud.register('dynamodb', dynamo);
  };
  const clientOf = (more: object = {}) =>
    DynamoDBDocumentClient.from(new DynamoDBClient({ ...cloud.config(), ...more }));

  beforeAll(async () => {
    folder = scratch('dynamodb');
    cloud = await startCloud();
    await start();
    table = await dynamo.ensureTable(TableName, properties);
    documents = clientOf();
  }, 60_000);

  afterAll(async () => {
    documents.destroy();
    await cloud[Symbol.asyncDispose]();
    await dynamo.stop();
  });

  const put = (pk: string, sk: string, more: object = {}) =>
    documents.send(new PutCommand({ TableName, Item: { pk, sk, ...more } }));
  const get = async (pk: string, sk: string) =>
    (await documents.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }))).Item;
  describe('items', () => {
    test('round-trip every type, Korean and large numbers included', async () => {
      const values = {
        name: '서울고등학교',
        count: 9007199254740991,
        ratio: 0.1,
        on: true,
        nothing: null,
        list: [1, 'two', { three: 3 }],
        map: { a: { b: [] } },
        set: new Set(['x', 'y']),
        bytes: new Uint8Array([0, 255]),
      };
      await put('item', 'types', values);
      expect(await get('item', 'types')).toEqual({ pk: 'item', sk: 'types', ...values });
    });

    test('are updated by expression and return the old image', async () => {
      await put('item', 'update', { n: 1, tags: ['a'] });
      const { Attributes } = await documents.send(
        new UpdateCommand({
          TableName,
          Key: { pk: 'item', sk: 'update' },
          UpdateExpression: 'SET n = n + :one, tags = list_append(tags, :more) REMOVE absent',
          ExpressionAttributeValues: { ':one': 1, ':more': ['b'] },
          ReturnValues: 'ALL_OLD',
        }),
      );
      expect(Attributes).toMatchObject({ n: 1, tags: ['a'] });
      expect(await get('item', 'update')).toMatchObject({ n: 2, tags: ['a', 'b'] });
    });

    test('refuse a write whose condition fails, and show what is there', async () => {
      await put('item', 'condition', { version: 1 });
      const refused = documents.send(
        new PutCommand({
          TableName,
          Item: { pk: 'item', sk: 'condition', version: 2 },
          ConditionExpression: 'attribute_not_exists(pk)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      await expect(refused).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
        Item: { version: { N: '1' } },
      });
      expect(await get('item', 'condition')).toMatchObject({ version: 1 });
    });

    test('are read and written in batches', async () => {
      const Keys = Array.from({ length: 25 }, (_, n) => ({ pk: 'batch', sk: String(n) }));
      const RequestItems = { [TableName]: Keys.map((Item) => ({ PutRequest: { Item } })) };
      await documents.send(new BatchWriteCommand({ RequestItems }));
      const { Responses } = await documents.send(
        new BatchGetCommand({ RequestItems: { [TableName]: { Keys } } }),
      );
      expect(Responses?.[TableName]).toHaveLength(25);
    });
  });

  describe('queries', () => {
    const query = (more: object) =>
      documents.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
          ExpressionAttributeValues: { ':pk': 'query', ':sk': 'event#' },
          ...more,
        }),
      );

    beforeAll(async () => {
      for (const n of [3, 1, 10, 2]) {
        await put('query', `event#${String(n).padStart(3, '0')}`, {
          gsi1pk: `parity#${n % 2}`,
          gsi1sk: `${n}`,
        });
      }
      await put('query', 'other');
    });

    test('come back in key order, either way, and page', async () => {
      const keys = ({ Items = [] }: Awaited<ReturnType<typeof query>>) => Items.map(({ sk }) => sk);
      expect(keys(await query({}))).toEqual(['event#001', 'event#002', 'event#003', 'event#010']);
      const first = await query({ Limit: 3, ScanIndexForward: false, ConsistentRead: true });
      expect(keys(first)).toEqual(['event#010', 'event#003', 'event#002']);
      const rest = await query({ ScanIndexForward: false, ExclusiveStartKey: first.LastEvaluatedKey });
      expect(keys(rest)).toEqual(['event#001']);
    });

    test('of an index see only items that have its key, with the capacity they cost', async () => {
      const { Items, ConsumedCapacity } = await documents.send(
        new QueryCommand({
          TableName,
          IndexName: 'gsi1',
          KeyConditionExpression: 'gsi1pk = :pk',
          ExpressionAttributeValues: { ':pk': 'parity#0' },
          ReturnConsumedCapacity: 'TOTAL',
        }),
      );
      expect(Items?.map(({ gsi1sk }) => gsi1sk)).toEqual(['10', '2']);
      expect(ConsumedCapacity?.CapacityUnits).toBe(0.5);
    });
  });

  describe('transactions', () => {
    test('commit all or nothing, with a reason for each item', async () => {
      await put('tx', 'existing');
      await put('tx', 'guard');
      const transaction = (sk: string) =>
        documents.send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { TableName, Item: { pk: 'tx', sk: `other-${sk}` } } },
              {
                Put: { TableName, Item: { pk: 'tx', sk }, ConditionExpression: 'attribute_not_exists(pk)' },
              },
              {
                ConditionCheck: {
                  TableName,
                  Key: { pk: 'tx', sk: 'guard' },
                  ConditionExpression: 'attribute_exists(pk)',
                },
              },
            ],
          }),
        );
      const refused = transaction('existing');
      await expect(refused).rejects.toBeInstanceOf(TransactionCanceledException);
      await expect(refused).rejects.toMatchObject({
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
      });
      expect(await get('tx', 'other-existing')).toBeUndefined();
      await transaction('new');
      expect(await get('tx', 'other-new')).toBeDefined();
    });

    test('with the same client token take effect once', async () => {
      const ClientRequestToken = 'token-of-this-transaction';
      for (let times = 0; times < 3; times += 1) {
        await documents.send(
          new TransactWriteCommand({ ClientRequestToken, TransactItems: [bump('token')] }),
        );
      }
      expect(await get('token', 'counter')).toMatchObject({ hits: 1 });
    });

    test('of fifty writers at once lose no increment', async () => {
      const patient = clientOf({ maxAttempts: 10 });
      const write = async (): Promise<void> => {
        try {
          await patient.send(new TransactWriteCommand({ TransactItems: [bump('race')] }));
        } catch (error) {
          if (!(error instanceof TransactionCanceledException)) throw error;
          await write();
        }
      };
      await Promise.all(Array.from({ length: 50 }, write));
      expect(await get('race', 'counter')).toMatchObject({ hits: 50 });
      patient.destroy();
    });

    test('read a consistent picture', async () => {
      await put('tx', 'read');
      const items = ['read', 'absent'].map((sk) => ({ Get: { TableName, Key: { pk: 'tx', sk } } }));
      const { Responses } = await documents.send(new TransactGetCommand({ TransactItems: items }));
      expect(Responses).toEqual([{ Item: { pk: 'tx', sk: 'read' } }, {}]);
    });
  });

  test('the stream carries each change with both images, in the order of the item', async () => {
    const shardIterators = async () => {
      const { StreamDescription } = await dynamo.call('DescribeStream', { StreamArn: table.streamArn });
      const { Shards } = StreamDescription as { Shards: { ShardId: string }[] };
      const started = Shards.map(({ ShardId }) =>
        dynamo.call('GetShardIterator', {
          StreamArn: table.streamArn,
          ShardId,
          ShardIteratorType: 'TRIM_HORIZON',
        }),
      );
      return (await Promise.all(started)).map(({ ShardIterator }) => ShardIterator);
    };
    await put('stream', 'a', { v: 1 });
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [bump('stream'), { Put: { TableName, Item: { pk: 'stream', sk: 'a', v: 2 } } }],
      }),
    );
    await documents.send(new DeleteCommand({ TableName, Key: { pk: 'stream', sk: 'a' } }));
    const changes: unknown[] = [];
    let iterators = await shardIterators();
    for (let round = 0; round < 20 && changes.length < 3; round += 1) {
      const pages = await Promise.all(
        iterators.map((ShardIterator) => dynamo.call('GetRecords', { ShardIterator })),
      );
      for (const { Records } of pages) {
        for (const { eventName, dynamodb } of Records as {
          eventName: string;
          dynamodb: Record<string, Record<string, { S?: string; N?: string }>>;
        }[]) {
          if (dynamodb['Keys']?.['pk']?.S !== 'stream' || dynamodb['Keys']['sk']?.S !== 'a') continue;
          changes.push([eventName, dynamodb['OldImage']?.['v']?.N, dynamodb['NewImage']?.['v']?.N]);
        }
      }
      iterators = pages.flatMap(({ NextShardIterator }) => NextShardIterator ?? []);
      await sleep(50);
    }
    expect(changes).toEqual([
      ['INSERT', undefined, '1'],
      ['MODIFY', '1', '2'],
      ['REMOVE', '2', undefined],
    ]);
  });

  test('expired items are swept; others, and those without a number, stay', async () => {
    const now_s = Math.floor(Date.now() / 1000);
    await put('ttl', 'expired', { expires_at: now_s + 100 });
    await put('ttl', 'valid', { expires_at: now_s + 1_000 });
    await put('ttl', 'text', { expires_at: 'soon' });
    expect(await dynamo.sweepExpired()).toBe(0);
    clock_ms = 200_000;
    expect(await dynamo.sweepExpired()).toBe(1);
    clock_ms = 0;
    const left = await Promise.all(['expired', 'valid', 'text'].map((sk) => get('ttl', sk)));
    expect(left.map((item) => item?.['sk'])).toEqual([undefined, 'valid', 'text']);
  });

  test('items past their time to live are deleted however many there are', async () => {
    const now_s = Math.floor(Date.now() / 1000);
    const names = Array.from({ length: 130 }, (_, at) => `item-${at}`);
    for (const sk of names) await put('old', sk, { expires_at: now_s - 10 });
    await put('old', 'valid', { expires_at: now_s + 1_000 });
    expect(await dynamo.sweepExpired()).toBe(130);
    expect(await get('old', 'valid')).toBeDefined();
  });

  describe('tables from a template', () => {
    const indexesOf = async (name: string) => {
      const { Table } = await dynamo.call('DescribeTable', { TableName: name });
      const { GlobalSecondaryIndexes = [] } = Table as { GlobalSecondaryIndexes?: { IndexName: string }[] };
      return GlobalSecondaryIndexes.map(({ IndexName }) => IndexName).sort();
    };

    test('are created once; the same properties again change nothing', async () => {
      await put('kept', 'item');
      expect(await dynamo.ensureTable(TableName, properties)).toEqual(table);
      expect(table.arn).toBe(tableArn);
      expect(await get('kept', 'item')).toBeDefined();
    });

    test('gain and lose indexes, and a new index has the old items', async () => {
      const name = 'Growing';
      const without = {
        ...properties,
        GlobalSecondaryIndexes: undefined,
        AttributeDefinitions: attributes(''),
      };
      const three = {
        ...properties,
        AttributeDefinitions: attributes('', 'gsi1', 'gsi2'),
        GlobalSecondaryIndexes: [index('gsi1'), index('gsi2')],
      };
      await dynamo.ensureTable(name, without);
      await documents.send(
        new PutCommand({ TableName: name, Item: { pk: 'a', sk: 'b', gsi2pk: 'x', gsi2sk: 'y' } }),
      );
      await dynamo.ensureTable(name, three);
      expect(await indexesOf(name)).toEqual(['gsi1', 'gsi2']);
      const ask = {
        TableName: name,
        IndexName: 'gsi2',
        KeyConditionExpression: 'gsi2pk = :x',
        ExpressionAttributeValues: { ':x': 'x' },
      };
      expect((await documents.send(new QueryCommand(ask))).Items).toHaveLength(1);
      await dynamo.ensureTable(name, properties);
      expect(await indexesOf(name)).toEqual(['gsi1']);
    }, 60_000);

    test('cannot change their key', async () => {
      const other = { ...properties, KeySchema: key('').slice(0, 1) };
      await expect(dynamo.ensureTable(TableName, other)).rejects.toThrow(
        /key schema of table School has changed/,
      );
    });
  });

  /** Every half of a transaction was written under the same name behind `a-` or `b-`. */
  const storedHalves = async () => {
    const stored = new Set<string>();
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': 'crash' },
          ConsistentRead: true,
          ExclusiveStartKey,
        }),
      );
      for (const { sk } of page.Items ?? []) stored.add(String(sk));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return stored;
  };

  /** Transactions of four writers until `end` makes them fail; the names of those that were acknowledged. */
  const writeUntil = async (end: () => Promise<unknown>) => {
    const acknowledged: string[] = [];
    const writer = async (id: number) => {
      for (let n = 0; ; n += 1) {
        const name = `${acknowledged.length}-${id}-${n}`;
        const items = ['a', 'b'].map((half) => ({
          Put: { TableName, Item: { pk: 'crash', sk: `${half}-${name}` } },
        }));
        await documents.send(new TransactWriteCommand({ TransactItems: items }));
        acknowledged.push(name);
      }
    };
    const writers = Promise.allSettled([0, 1, 2, 3].map(writer));
    await sleep(500);
    await end();
    await writers;
    return acknowledged;
  };

  const lostOrHalf = async (acknowledged: readonly string[]) => {
    const stored = await storedHalves();
    const isWhole = (name: string) => stored.has(`a-${name}`) && stored.has(`b-${name}`);
    const names = new Set([...acknowledged, ...[...stored].map((sk) => sk.slice(2))]);
    return [...names].filter((name) => !isWhole(name));
  };

  test('after a stop, every acknowledged write is there and no half transaction', async () => {
    const acknowledged = await writeUntil(() => dynamo.stop());
    await start();
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await lostOrHalf(acknowledged)).toEqual([]);
  }, 60_000);

  test('without a folder, tables last as long as the engine', async () => {
    const inMemory = () => startDynamoDb({ region, account, engine, sweepMs: 0 });
    const first = await inMemory();
    await first.ensureTable(TableName, properties);
    await first.call('PutItem', { TableName, Item: { pk: { S: 'a' }, sk: { S: 'b' } } });
    expect(await first.call('Scan', { TableName })).toMatchObject({ Count: 1 });
    await first.stop();
    const second = await inMemory();
    expect(await second.call('ListTables', {})).toMatchObject({ TableNames: [] });
    await second.stop();
  }, 60_000);

  // DynamoDB Local acknowledges before it commits: one of a few dozen killed writes is gone.
  if (engine === 'dynoxide') {
    test('after kill -9 as well', async () => {
      const acknowledged = await writeUntil(async () => {
        dynamo.kill();
        await dynamo.died;
      });
      await start();
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(await lostOrHalf(acknowledged)).toEqual([]);
    }, 60_000);
  }
});
