import {
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** An item, a key or the values of an expression, in plain JavaScript. */
export type Document = Record<string, unknown>;

interface Conditional {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Document;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}
export interface Put extends Conditional {
  readonly Item: Document;
}
export interface Delete extends Conditional {
  readonly Key: Document;
}
export interface Update extends Delete {
  readonly UpdateExpression: string;
}
export interface ConditionCheck extends Delete {
  readonly ConditionExpression: string;
}
/** One write of a transaction; exactly one of the four. */
export interface TransactItem {
  readonly Put?: Put;
  readonly Delete?: Delete;
  readonly Update?: Update;
  readonly ConditionCheck?: ConditionCheck;
}

type Query = Omit<QueryCommandInput, 'ExpressionAttributeValues' | 'ExclusiveStartKey'> & {
  readonly ExpressionAttributeValues: Document;
  readonly ExclusiveStartKey?: Document;
};

/** What is undefined is not written. */
const attributes = (document: Document) => marshall(document, { removeUndefinedValues: true });
const withValues = <T extends { readonly ExpressionAttributeValues?: Document }>({
  ExpressionAttributeValues: values,
  ...input
}: T) => ({ ...input, ...(values && { ExpressionAttributeValues: attributes(values) }) });

const putOf = (put: Put) => ({ ...withValues(put), Item: attributes(put.Item) });
const keyed = <T extends Delete>(write: T) => ({ ...withValues(write), Key: attributes(write.Key) });

const transactItem = ({ Put, Delete, Update, ConditionCheck }: TransactItem) => ({
  ...(Put && { Put: putOf(Put) }),
  ...(Delete && { Delete: keyed(Delete) }),
  ...(Update && { Update: keyed(Update) }),
  ...(ConditionCheck && { ConditionCheck: keyed(ConditionCheck) }),
});

/**
 * The operations on items in plain JavaScript. As the SDK's document client, whose wrapping of each command costs a
 * fifth of a call more, and which cannot keep the middleware that a command was resolved to.
 */
export function createDocuments(client: DynamoDBClient) {
  return {
    put: (put: Put) => client.send(new PutItemCommand(putOf(put))),
    delete: (write: Delete) => client.send(new DeleteItemCommand(keyed(write))),
    update: (write: Update) => client.send(new UpdateItemCommand(keyed(write))),
    transact: (items: readonly TransactItem[]) =>
      client.send(new TransactWriteItemsCommand({ TransactItems: items.map(transactItem) })),

    async get(TableName: string, key: Document, ConsistentRead: boolean): Promise<Document | undefined> {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: attributes(key), ConsistentRead }),
      );
      return Item && unmarshall(Item);
    },

    /** What of at most a hundred keys was found, and the keys that must be asked again. */
    async batchGet(TableName: string, keys: readonly Document[]) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({
          RequestItems: { [TableName]: { Keys: keys.map(attributes), ConsistentRead: true } },
        }),
      );
      return {
        items: (Responses?.[TableName] ?? []).map((item) => unmarshall(item)),
        unprocessed: (UnprocessedKeys?.[TableName]?.Keys ?? []).map((key) => unmarshall(key)),
      };
    },

    async query({ ExclusiveStartKey: start, ...query }: Query) {
      const { Items, LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...withValues(query),
          ...(start && { ExclusiveStartKey: attributes(start) }),
        }),
      );
      return {
        items: (Items ?? []).map((item) => unmarshall(item)),
        next: LastEvaluatedKey && unmarshall(LastEvaluatedKey),
      };
    },
  };
}
