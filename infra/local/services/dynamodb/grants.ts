/**
 * Which grants a DynamoDB request needs. A transaction needs those of the single operations in it, a query of
 * an index the index's own ARN. `dynamodb:LeadingKeys`, the partition keys that the request names, goes along
 * as context, so that policies can fence a role into its own items.
 */
import { type AwsCall, AwsError, type Grant } from '../aws/call.ts';

/** The name of the partition key of a table, or of one of its indexes. */
export type PartitionKeyOf = (table: string, index: string | undefined) => Promise<string | undefined>;

export interface Naming {
  readonly region: string;
  readonly account: string;
  readonly partitionKeyOf: PartitionKeyOf;
}

type Members = Readonly<Record<string, unknown>>;

const transactionActions: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
};

const itemActions = new Set(['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']);
const withoutResource = new Set(['ListTables', 'DescribeLimits', 'DescribeEndpoints']);

export const grantsOf = async (call: AwsCall, naming: Naming): Promise<Grant[]> => {
  const input = await call.json();
  const action = call.target;
  if (call.headers['x-amz-target']?.startsWith('DynamoDBStreams_'))
    return [streamGrant(action, input, naming)];
  if (/Statement|ExecuteTransaction/.test(action)) {
    throw new AwsError('NotImplemented', 'PartiQL is not permitted here: its grants are not implemented.', {
      status: 501,
    });
  }
  if (withoutResource.has(action)) return [{ action: `dynamodb:${action}`, resource: '*' }];
  if (itemActions.has(action)) return [await itemGrant(action, input, naming)];
  switch (action) {
    case 'TransactWriteItems':
    case 'TransactGetItems':
      return transactionGrants(input, naming);
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return batchGrants(action, input, naming);
    case 'Query':
      return [await queryGrant(input, naming)];
    default:
      return [{ action: `dynamodb:${action}`, resource: tableArn(input, naming) }];
  }
};

const itemGrant = async (action: string, input: Members, naming: Naming): Promise<Grant> =>
  grantOnKeys(action, input['TableName'], [members(input['Key'] ?? input['Item'])], naming);

const transactionGrants = (input: Members, naming: Naming): Promise<Grant[]> =>
  Promise.all(
    list(input['TransactItems']).flatMap((item) =>
      Object.entries(members(item)).map(([kind, inner]) =>
        itemGrant(transactionActions[kind] ?? kind, members(inner), naming),
      ),
    ),
  );

const batchGrants = (action: string, input: Members, naming: Naming): Promise<Grant[]> =>
  Promise.all(
    Object.entries(members(input['RequestItems'])).map(([table, requests]) => {
      const keys =
        action === 'BatchGetItem'
          ? list(members(requests)['Keys'])
          : list(requests).map((request) => keyOfWrite(request));
      return grantOnKeys(action, table, keys.map(members), naming);
    }),
  );

const keyOfWrite = (request: unknown): unknown => {
  const { PutRequest, DeleteRequest } = members(request);
  return members(PutRequest)['Item'] ?? members(DeleteRequest)['Key'];
};

const queryGrant = async (input: Members, naming: Naming): Promise<Grant> => {
  const index = typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined;
  const partitionKey = await naming.partitionKeyOf(tableName(input['TableName']), index);
  const names = members(input['ExpressionAttributeNames']);
  const values = members(input['ExpressionAttributeValues']);
  const terms = String(input['KeyConditionExpression'] ?? '').matchAll(/([#\w]+)\s*=\s*(:\w+)/g);
  const leading = [...terms]
    .filter(([, name = '']) => (names[name] ?? name) === partitionKey)
    .map(([, , value = '']) => values[value]);
  return grant('Query', tableArn(input, naming), leading);
};

const grantOnKeys = async (action: string, table: unknown, keys: readonly Members[], naming: Naming) => {
  const partitionKey = (await naming.partitionKeyOf(tableName(table), undefined)) ?? '';
  return grant(
    action,
    tableArn({ TableName: table }, naming),
    keys.map((key) => key[partitionKey]),
  );
};

/** Leading keys are compared as text, whatever their type. */
const grant = (action: string, resource: string, leading: readonly unknown[]): Grant => {
  const keys = leading.flatMap((value) => Object.values(members(value)).map(String));
  return {
    action: `dynamodb:${action}`,
    resource,
    ...(keys.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': keys } }),
  };
};

/** An iterator does not show its stream, so GetRecords needs a grant on every stream. */
const streamGrant = (action: string, input: Members, { region, account }: Naming): Grant => {
  const stream =
    /table\/[^/]+\/stream\/.+$/.exec(String(input['StreamArn'] ?? ''))?.[0] ?? 'table/*/stream/*';
  return { action: `dynamodb:${action}`, resource: `arn:aws:dynamodb:${region}:${account}:${stream}` };
};

const tableArn = (input: Members, { region, account }: Naming): string => {
  const index = input['IndexName'];
  const table = `arn:aws:dynamodb:${region}:${account}:table/${tableName(input['TableName'] ?? input['ResourceArn'])}`;
  return typeof index === 'string' ? `${table}/index/${index}` : table;
};

/** TableName may be an ARN as well. */
const tableName = (nameOrArn: unknown): string => String(nameOrArn ?? '').replace(/^arn:.*:table\//, '');

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
