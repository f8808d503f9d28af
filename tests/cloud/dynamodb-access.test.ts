/** Roles and faults in front of the engine, whichever this machine has. */
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { faults, type GatewayOptions } from '#infra/local/gateway.ts';
import type { Statement } from '#infra/local/iam.ts';
import { type DynamoDb, startDynamoDb } from '#infra/local/services/dynamodb/index.ts';
import { account, region, startCloud } from '#tests/support/cloud.ts';
import { bump, properties, TableName, tableArn } from '#tests/support/cloud-table.ts';
import { scratch } from '#tests/support/scratch.ts';

let folder: string;
let cloud: Awaited<ReturnType<typeof startCloud>>;
let dynamo: DynamoDb;
let inject: GatewayOptions['inject'];
const clientOf = (accessKeyId?: string) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(cloud.config(accessKeyId)));

beforeAll(async () => {
  folder = scratch('dynamodb-access');
  cloud = await startCloud({ inject: (call) => inject?.(call) });
  dynamo = await startDynamoDb({ folder, region, account, sweepMs: 0 });
  cloud.register('dynamodb', dynamo);
  await dynamo.ensureTable(TableName, properties);
}, 60_000);

beforeEach(() => {
  inject = undefined;
});

afterAll(async () => {
  expect(cloud.failures).toEqual([]);
  await cloud[Symbol.asyncDispose]();
  await dynamo.stop();
});

describe('a role', () => {
  const as = (statements: Statement[]) => {
    cloud.principals.set('LOCALRole', statements);
    return clientOf('LOCALRole');
  };
  const allow = (Action: string | string[], Resource: string = tableArn, more: object = {}): Statement => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...more,
  });
  const denied = (action: string, resource: string = tableArn) => ({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`is not authorized to perform: ${action} on resource: ${resource} `),
  });
  const Key = { pk: 'role', sk: 'a' };
  const putItem = { Put: { TableName, Item: { pk: 'role', sk: 'b' } } };
  const ask = (IndexName?: string) =>
    new QueryCommand({
      TableName,
      IndexName,
      KeyConditionExpression: '#pk = :x',
      ExpressionAttributeNames: { '#pk': IndexName === undefined ? 'pk' : 'gsi1pk' },
      ExpressionAttributeValues: { ':x': 'role' },
    });

  test('does what it is granted on the table and nothing else', async () => {
    const reader = as([allow('dynamodb:GetItem')]);
    await reader.send(new GetCommand({ TableName, Key }));
    await reader.send(new GetCommand({ TableName: tableArn, Key })).catch((error: Error) => {
      expect(error.name).not.toBe('AccessDeniedException');
    });
    await expect(reader.send(new PutCommand({ TableName, Item: Key }))).rejects.toMatchObject(
      denied('dynamodb:PutItem'),
    );
    const elsewhere = reader.send(new GetCommand({ TableName: 'Other', Key }));
    await expect(elsewhere).rejects.toMatchObject(
      denied('dynamodb:GetItem', tableArn.replace('School', 'Other')),
    );
    const batch = new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [Key] } } });
    await expect(reader.send(batch)).rejects.toMatchObject(denied('dynamodb:BatchGetItem'));
  });

  test('needs the index’s own grant to query it', async () => {
    const reader = as([allow('dynamodb:Query')]);
    await reader.send(ask());
    await expect(reader.send(ask('gsi1'))).rejects.toMatchObject(
      denied('dynamodb:Query', `${tableArn}/index/gsi1`),
    );
    await as([allow('dynamodb:Query', `${tableArn}/index/*`)]).send(ask('gsi1'));
  });

  test('needs for a transaction the grant of each operation in it', async () => {
    const check = { ConditionCheck: { TableName, Key, ConditionExpression: 'attribute_not_exists(pk)' } };
    const transaction = () => new TransactWriteCommand({ TransactItems: [putItem, check, bump('role')] });
    const actions = ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem', 'dynamodb:UpdateItem'];
    await as([allow(actions)]).send(transaction());
    for (const missing of actions) {
      const rest = actions.filter((action) => action !== missing);
      await expect(as([allow(rest)]).send(transaction())).rejects.toMatchObject(denied(missing));
    }
  });

  test('can be fenced by partition keys, in items, batches, transactions and queries', async () => {
    const Condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['role', 'role#*'] } };
    const fenced = as([allow('dynamodb:*', `${tableArn}*`, { Condition })]);
    await fenced.send(new PutCommand({ TableName, Item: Key }));
    await fenced.send(ask());
    await fenced.send(new TransactWriteCommand({ TransactItems: [putItem, bump('role#1')] }));
    const outside = { pk: 'user#1', sk: 'a' };
    const RequestItems = {
      [TableName]: [{ PutRequest: { Item: Key } }, { PutRequest: { Item: outside } }],
    };
    const query = {
      TableName,
      KeyConditionExpression: 'sk = :s AND pk = :p',
      ExpressionAttributeValues: { ':s': 'a', ':p': 'user#1' },
    };
    await expect(fenced.send(new GetCommand({ TableName, Key: outside }))).rejects.toMatchObject(
      denied('dynamodb:GetItem'),
    );
    await expect(fenced.send(new PutCommand({ TableName, Item: outside }))).rejects.toMatchObject(
      denied('dynamodb:PutItem'),
    );
    await expect(fenced.send(new BatchWriteCommand({ RequestItems }))).rejects.toMatchObject(
      denied('dynamodb:BatchWriteItem'),
    );
    await expect(fenced.send(new QueryCommand(query))).rejects.toMatchObject(denied('dynamodb:Query'));
    const transaction = new TransactWriteCommand({ TransactItems: [putItem, bump('user#1')] });
    await expect(fenced.send(transaction)).rejects.toMatchObject(denied('dynamodb:UpdateItem'));
  });
});

test('an injected conflict looks like DynamoDB’s own', async () => {
  inject = ({ action }) => (action === 'dynamodb:UpdateItem' ? faults.transactionConflict() : undefined);
  const documents = clientOf();
  const refused = documents.send(
    new TransactWriteCommand({ TransactItems: [bump('conflict'), bump('other')] }),
  );
  await expect(refused).rejects.toBeInstanceOf(TransactionCanceledException);
  await expect(refused).rejects.toMatchObject({
    CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
  });
  const Key = { pk: 'conflict', sk: 'counter' };
  expect((await documents.send(new GetCommand({ TableName, Key }))).Item).toBeUndefined();
});
