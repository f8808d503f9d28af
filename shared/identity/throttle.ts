import * as z from 'zod';
import { tooMany } from '../errors.ts';
import { entity } from '../table/entity.ts';
import { ConditionFailed, type Table } from '../table/table.ts';

/**
 * Token buckets, each kept as the instant at which it will be full again (the generic cell rate algorithm,
 * ITU-T I.371): a token is taken by moving that instant by one atomic update, so a crowd at one bucket
 * never has to try again.
 *
 * Access pattern: by name: `bucket#<name>` / `bucket`
 */
const buckets = entity({
  type: 'bucket',
  schema: z.object({ name: z.string(), full_at_ms: z.number(), expires_at: z.int() }),
  key: ({ name }: { name: string }) => ({ pk: `bucket#${name}`, sk: 'bucket' }),
});

export interface BucketSize {
  readonly capacity: number;
  readonly refill_per_s: number;
}

/** Takes one token, or throws 429 with the seconds until there is one. */
export async function takeToken(table: Table, name: string, size: BucketSize, now: Date): Promise<void> {
  const now_ms = now.getTime();
  const token_ms = 1000 / size.refill_per_s;
  /** With a later `full_at_ms` there is no whole token. */
  const latest_ms = now_ms + (size.capacity - 1) * token_ms;
  const expires_at = Math.ceil((now_ms + size.capacity * token_ms) / 1000);
  const full = { name, full_at_ms: now_ms + token_ms, expires_at };

  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    for (const take of [
      startBucket(table, full, now_ms),
      takeOne(table, { name, token_ms, latest_ms, expires_at }),
    ]) {
      const fullAt = await refusedBy(table.write(take));
      if (fullAt === undefined) return;
      if (fullAt > latest_ms) throw tooOften(fullAt - latest_ms);
    }
  }
  throw tooOften(1000);
}

/** More than one is needed only when somebody fills the bucket between the two writes. */
const maxAttempts = 5;

/** The first token of a bucket that is new or full. */
const startBucket = (table: Table, bucket: z.output<typeof buckets.schema>, now_ms: number) =>
  table.update(buckets, bucket, {
    expression:
      'SET #full_at_ms = :full, #expires_at = :expires, #name = :name, #type = :type, #schema_version = :version',
    values: {
      ':full': bucket.full_at_ms,
      ':expires': bucket.expires_at,
      ':name': bucket.name,
      ':type': buckets.type,
      ':version': 1,
      ':now': now_ms,
    },
    when: 'attribute_not_exists(#full_at_ms) OR #full_at_ms <= :now',
  });

const takeOne = (
  table: Table,
  take: { name: string; token_ms: number; latest_ms: number; expires_at: number },
) =>
  table.update(buckets, take, {
    expression: 'SET #full_at_ms = #full_at_ms + :token, #expires_at = :expires',
    values: { ':token': take.token_ms, ':expires': take.expires_at, ':latest': take.latest_ms },
    when: '#full_at_ms <= :latest',
  });

/** Nothing when the token was taken, else when the bucket will be full. */
async function refusedBy(write: Promise<void>): Promise<number | undefined> {
  try {
    await write;
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    // a bucket that was filled in between is gone
    return error.current === undefined ? 0 : buckets.parse(error.current).full_at_ms;
  }
}

/** Gives the tokens back, for instance after a successful sign-in. */
export async function refill(table: Table, name: string): Promise<void> {
  try {
    await table.write(table.remove(buckets, { name }));
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}

const tooOften = (wait_ms: number) => {
  const wait_s = Math.max(1, Math.ceil(wait_ms / 1000));
  return tooMany('rate.limited', `Too many attempts. Try again in ${wait_s} s.`, wait_s);
};
