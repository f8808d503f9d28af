import * as z from 'zod';
import { tooMany } from '../errors.ts';
import { entity } from '../table/entity.ts';
import { ConditionFailed, type Table } from '../table/table.ts';

/**
 * Token buckets.
 *
 * Access pattern: by name: `bucket#<name>` / `bucket`
 */
const buckets = entity({
  type: 'bucket',
  schema: z.object({
    name: z.string(),
    tokens: z.number(),
    at_ms: z.number(),
    version: z.int(),
    expires_at: z.int(),
  }),
  key: ({ name }: { name: string }) => ({ pk: `bucket#${name}`, sk: 'bucket' }),
});

export interface BucketSize {
  readonly capacity: number;
  readonly refill_per_s: number;
}

const maxAttempts = 6;

/**
 * Takes one token, or throws 429 with the seconds until there is one. Under a race each taker gets a token of
 * their own: the write states the version it read.
 */
export async function takeToken(table: Table, name: string, size: BucketSize, now: Date): Promise<void> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const seen = await table.get(buckets, { name }, { consistent: true });
    const elapsed_s = seen ? Math.max(0, now.getTime() - seen.at_ms) / 1000 : 0;
    const tokens = Math.min(size.capacity, (seen?.tokens ?? size.capacity) + elapsed_s * size.refill_per_s);
    if (tokens < 1) throw tooOften((1 - tokens) / size.refill_per_s);
    const next = {
      name,
      tokens: tokens - 1,
      at_ms: now.getTime(),
      expires_at: Math.ceil(now.getTime() / 1000 + size.capacity / size.refill_per_s),
    };
    try {
      await table.write(
        seen ? table.replace(buckets, seen, next) : table.insert(buckets, { ...next, version: 1 }),
      );
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }
  throw tooOften(1);
}

/** Gives the tokens back, for instance after a successful sign-in. */
export async function refill(table: Table, name: string): Promise<void> {
  try {
    await table.write(table.remove(buckets, { name }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

const tooOften = (wait_s: number) =>
  tooMany('rate.limited', `Too many attempts. Try again in ${Math.ceil(wait_s)} s.`, wait_s);
