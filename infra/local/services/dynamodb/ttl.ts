/**
 * Deletes items whose time to live has passed, as DynamoDB does within days and DynamoDB Local within
 * minutes; dynoxide does not. Each delete states its condition, so an item renewed meanwhile stays.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../aws/call.ts';
import type { EngineClient } from './engine-client.ts';
import { describeTable, ttlAttribute } from './tables.ts';

type Engine = Pick<EngineClient, 'call'>;
type Item = Readonly<Record<string, unknown>>;

/** Dynoxide serves one request at a time, and nobody waits for what has expired: small pages, long pauses. */
const pageSize = 50;
const pauseFactor = 49;

export const sweepTable = async (engine: Engine, table: string, now_s: number): Promise<number> => {
  const attribute = await ttlAttribute(engine, table);
  const keys = (await describeTable(engine, table))?.KeySchema?.map(({ AttributeName }) => AttributeName);
  if (attribute === undefined || keys === undefined) return 0;
  const expired = {
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':now': { N: String(now_s) }, ':number': { S: 'N' } },
  };
  const condition = 'attribute_type(#ttl, :number) AND #ttl < :now';
  let deleted = 0;
  let ExclusiveStartKey: unknown;
  do {
    const began = performance.now();
    const page = await engine.call('Scan', {
      TableName: table,
      Limit: pageSize,
      FilterExpression: condition,
      ...expired,
      ...(ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey }),
    });
    const pause = pauseFactor * (performance.now() - began);
    for (const item of (page['Items'] ?? []) as readonly Item[]) {
      const Key = Object.fromEntries(keys.map((name) => [name, item[name]]));
      if (await deleteIf(engine, { TableName: table, Key, ConditionExpression: condition, ...expired }))
        deleted += 1;
    }
    ExclusiveStartKey = page['LastEvaluatedKey'];
    if (ExclusiveStartKey !== undefined) await sleep(pause, undefined, { ref: false });
  } while (ExclusiveStartKey !== undefined);
  return deleted;
};

const deleteIf = async (engine: Engine, request: object): Promise<boolean> => {
  try {
    await engine.call('DeleteItem', request);
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') return false;
    throw error;
  }
};
