import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { invalid } from '../errors.ts';
import { createDocuments, type TransactItem } from './documents.ts';
import { type Entity, type IndexName, type Key, keyText, putMark } from './entity.ts';

/** DynamoDB takes at most so many writes in a transaction. */
export const transactionSize = 100;

/** One write with its condition, and the error that the caller wants when the condition fails. */
export interface Write {
  readonly item: TransactItem;
  readonly orElse: ((current: unknown) => Error) | undefined;
}

/** A condition failed and the write named no error of its own: somebody else was first. */
export class ConditionFailed extends Error {
  readonly current: unknown;
  constructor(current: unknown) {
    super('a conditional write found another state');
    this.name = 'ConditionFailed';
    this.current = current;
  }
}

export interface QueryOptions {
  readonly pk: string;
  /** Sort keys that begin with this. */
  readonly prefix?: string;
  /** Sort keys strictly after this one. */
  readonly after?: string;
  readonly index?: IndexName;
  readonly limit?: number;
  readonly backwards?: boolean;
  readonly start?: Record<string, unknown> | undefined;
}
export interface QueryResult<Item> {
  readonly items: Item[];
  /** Where the next page starts; absent at the end. */
  readonly next: Record<string, unknown> | undefined;
}

/** What must hold of the item; placeholders `#field` and `:value`. */
interface Condition {
  readonly when?: string;
  readonly values?: Record<string, unknown>;
  readonly orElse?: (current: unknown) => Error;
}
const exists = 'attribute_exists(pk)';
const isNew = 'attribute_not_exists(pk)';

const mostExpressions = 1_000;
const namesKnown = new Map<string, Record<string, string>>();

/** ExpressionAttributeNames of the `#name` placeholders in an expression; few expressions come again and again. */
function namesIn(expression: string): Record<string, string> {
  const known = namesKnown.get(expression);
  if (known !== undefined) return known;
  const found = Object.fromEntries(
    [...expression.matchAll(/#([a-z0-9_]+)/gi)].map(([placeholder, name = '']) => [placeholder, name]),
  );
  if (namesKnown.size >= mostExpressions) namesKnown.clear();
  namesKnown.set(expression, found);
  return found;
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The single table: typed reads, and writes that each state their condition.
 *
 * Conditional failures become the write's `orElse` error; transaction conflicts and throttles are retried with
 * jitter, because two honest writers may meet.
 */
export function createTable(client: DynamoDBClient, name: string) {
  const documents = createDocuments(client);

  /** A put that must not replace anything. */
  const insert = <Item extends object, Id>(
    entity: Entity<Item, Id>,
    item: Item,
    orElse?: (current: unknown) => Error,
  ): Write => ({
    item: {
      Put: {
        TableName: name,
        Item: entity.stored(item),
        ConditionExpression: isNew,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    orElse,
  });

  /** Replaces what was read: the stored version must still be the one seen. */
  const replace = <Item extends { readonly version: number }, Id>(
    entity: Entity<Item, Id>,
    seen: Item,
    next: Omit<Item, 'version'>,
    orElse?: (current: unknown) => Error,
  ): Write => ({
    item: {
      Put: {
        TableName: name,
        Item: entity.stored({ ...next, version: seen.version + 1 } as Item),
        ConditionExpression: '#version = :seen',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':seen': seen.version },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    orElse,
  });

  /** An unconditional put, for items whose last writer is right whoever it is. */
  const put = <Item extends object, Id>(entity: Entity<Item, Id>, item: Item): Write => ({
    item: { Put: { TableName: name, Item: entity.stored(item) } },
    orElse: undefined,
  });

  /** What every write to an item by its id shares: its key and its condition, `exists` unless `when` says else. */
  const conditional = <Item extends object, Id>(
    entity: Entity<Item, Id>,
    id: Id,
    { when = exists, values, expression = '' }: Condition & { readonly expression?: string },
  ) => {
    const names = namesIn(`${expression} ${when}`);
    return {
      TableName: name,
      Key: { ...entity.key(id) },
      ConditionExpression: when,
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
      ...(values && { ExpressionAttributeValues: values }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  };

  /** An update expression; placeholders `#field` and `:value`. */
  const update = <Item extends object, Id>(
    entity: Entity<Item, Id>,
    id: Id,
    change: Condition & { readonly expression: string },
  ): Write => ({
    item: { Update: { ...conditional(entity, id, change), UpdateExpression: change.expression } },
    orElse: change.orElse,
  });

  /** A delete of an item that must exist (and fulfil `when`). */
  const remove = <Item extends object, Id>(
    entity: Entity<Item, Id>,
    id: Id,
    condition: Condition = {},
  ): Write => ({
    item: { Delete: conditional(entity, id, condition) },
    orElse: condition.orElse,
  });

  /** Nothing is written; the transaction fails unless the item is as `when` says. */
  const check = <Item extends object, Id>(
    entity: Entity<Item, Id>,
    id: Id,
    condition: Condition = {},
  ): Write => ({
    item: { ConditionCheck: conditional(entity, id, condition) },
    orElse: condition.orElse,
  });

  const single = async ({ item }: Write): Promise<void> => {
    if (item.Put) await documents.put(item.Put);
    else if (item.Delete) await documents.delete(item.Delete);
    else if (item.Update) await documents.update(item.Update);
    else await documents.transact([item]);
  };

  /**
   * Commits the writes: one alone, several as one transaction.
   *
   * @throws the failing write's `orElse`, or {@link ConditionFailed}
   */
  async function write(...writes: readonly Write[]): Promise<void> {
    const [first] = writes;
    if (!first) return;
    const only = writes.length === 1 ? marked(first) : undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        if (only) await single(only);
        else await documents.transact(writes.map(({ item }) => item));
        return;
      } catch (error) {
        const failed = failedCondition(error, writes);
        if (failed) {
          if (only && isOurOwn(only, failed.current)) return;
          throw failed.write.orElse?.(failed.current) ?? new ConditionFailed(failed.current);
        }
        if (!isConflict(error) || attempt === maxAttempts) throw error;
        await wait(Math.random() * Math.min(1000, 20 * 2 ** attempt));
      }
    }
  }

  async function get<Item extends object, Id>(
    entity: Entity<Item, Id>,
    id: Id,
    options: { readonly consistent?: boolean } = {},
  ): Promise<Item | undefined> {
    const found = await documents.get(name, { ...entity.key(id) }, options.consistent ?? false);
    return found && entity.parse(found);
  }

  /** Raw items of several keys, consistent, in the order of the keys; `undefined` where there is none. */
  async function getRaw(keys: readonly Key[]): Promise<(Record<string, unknown> | undefined)[]> {
    const found = new Map<string, Record<string, unknown>>();
    for (let from = 0; from < keys.length; from += 100) {
      let wanted: Record<string, unknown>[] = dedupe(keys.slice(from, from + 100));
      for (let attempt = 1; wanted.length > 0; attempt++) {
        const { items, unprocessed } = await documents.batchGet(name, wanted);
        for (const item of items) found.set(`${item['pk']}\n${item['sk']}`, item);
        wanted = unprocessed;
        if (wanted.length > 0) await wait(Math.random() * Math.min(1000, 20 * 2 ** attempt));
      }
    }
    return keys.map((key) => found.get(keyText(key)));
  }

  async function getMany<Item extends object, Id>(
    entity: Entity<Item, Id>,
    ids: readonly Id[],
  ): Promise<(Item | undefined)[]> {
    const raw = await getRaw(ids.map(entity.key));
    return raw.map((item) => item && entity.parse(item));
  }

  /** One page of a partition or of an index; the base table is read consistently. */
  async function query<Item extends object, Id>(
    entity: Entity<Item, Id>,
    options: QueryOptions,
  ): Promise<QueryResult<Item>> {
    const on = options.index ?? '';
    const sort =
      options.prefix !== undefined
        ? ' AND begins_with(#sk, :sk)'
        : options.after !== undefined
          ? ' AND #sk > :sk'
          : '';
    const { items, next } = await documents
      .query({
        TableName: name,
        ...(options.index ? { IndexName: options.index } : { ConsistentRead: true }),
        KeyConditionExpression: `#pk = :pk${sort}`,
        ExpressionAttributeNames: { '#pk': `${on}pk`, ...(sort && { '#sk': `${on}sk` }) },
        ExpressionAttributeValues: {
          ':pk': options.pk,
          ...(sort && { ':sk': options.prefix ?? options.after }),
        },
        ScanIndexForward: !options.backwards,
        ...(options.limit !== undefined && { Limit: options.limit }),
        ...(options.start && { ExclusiveStartKey: options.start }),
      })
      .catch((error: unknown) => {
        // a start key comes from a cursor, and a cursor from outside
        if (options.start && error instanceof Error && error.name === 'ValidationException')
          throw invalid(['query', 'cursor'], 'this cursor does not open a page of this list', 'cursor');
        throw error;
      });
    return { items: items.map((item) => entity.parse(item)), next };
  }

  /** Every item of a partition; only for partitions that are small by a rule of the domain. */
  async function queryAll<Item extends object, Id>(
    entity: Entity<Item, Id>,
    options: QueryOptions,
  ): Promise<Item[]> {
    const items: Item[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const found: QueryResult<Item> = await query(entity, { ...options, start });
      items.push(...found.items);
      start = found.next;
    } while (start);
    return items;
  }

  return { name, insert, replace, put, update, remove, check, write, get, getRaw, getMany, query, queryAll };
}
export type Table = ReturnType<typeof createTable>;

const maxAttempts = 10;

const dedupe = (keys: readonly Key[]): Record<string, unknown>[] => [
  ...new Map(keys.map((key) => [keyText(key), { ...key }])).values(),
];

/**
 * A put that stands alone carries a mark of its own, by which its retry after a lost reply knows that it was the
 * one who wrote. Two honest writers may put the very same item: the second must hear that it came second.
 * (The retry of a transaction is told apart by the SDK's request token.)
 */
const marked = (write: Write): Write => {
  const { Put } = write.item;
  if (!Put) return write;
  const Item = { ...Put.Item, [putMark]: randomBytes(9).toString('base64url') };
  return { ...write, item: { Put: { ...Put, Item } } };
};

const isOurOwn = ({ item }: Write, current: unknown): boolean =>
  item.Put?.Item !== undefined &&
  typeof current === 'object' &&
  current !== null &&
  putMark in current &&
  current[putMark] === item.Put.Item[putMark];

function failedCondition(
  error: unknown,
  writes: readonly Write[],
): { readonly write: Write; readonly current: unknown } | undefined {
  if (error instanceof ConditionalCheckFailedException) {
    const [write] = writes;
    return write && { write, current: error.Item && unmarshall(error.Item) };
  }
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const reasons = error.CancellationReasons ?? [];
  const index = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
  const write = writes[index];
  const current = reasons[index]?.Item;
  return write && { write, current: current && unmarshall(current) };
}

const passing = [
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
  'ThrottlingException',
];
function isConflict(error: unknown): boolean {
  if (error instanceof TransactionCanceledException)
    return (error.CancellationReasons ?? []).some(({ Code }) => Code !== undefined && passing.includes(Code));
  return (
    error instanceof Error &&
    ['TransactionConflictException', 'TransactionInProgressException'].includes(error.name)
  );
}
