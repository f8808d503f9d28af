import { createHash } from 'node:crypto';
import * as z from 'zod';
import { conflict } from '../errors.ts';
import { entity } from './entity.ts';
import type { Table, Write } from './table.ts';

/**
 * What a request with an `Idempotency-Key` made, kept for a day.
 *
 * Access pattern: by user, operation and key: `idem#<user>#<operation>#<key>` / `idem`
 */
const records = entity({
  type: 'idempotency',
  schema: z.object({
    user_id: z.string(),
    operation: z.string(),
    key: z.string(),
    body_hash: z.string(),
    result_id: z.string(),
    expires_at: z.int(),
  }),
  key: ({ user_id, operation, key }: { user_id: string; operation: string; key: string }) => ({
    pk: `idem#${user_id}#${operation}#${key}`,
    sk: 'idem',
  }),
});

const keptForS = 86_400;

/** The same key and body came before. */
class AlreadyDone extends Error {
  readonly result_id: string;
  constructor(result_id: string) {
    super('this request was already carried out');
    this.name = 'AlreadyDone';
    this.result_id = result_id;
  }
}

/**
 * Runs `effect` at most once for a caller's key. `effect` gets the writes to add to its own transaction and
 * returns the id of what it made; `found` turns the id of an earlier effect into the same reply.
 */
export async function idempotently<T>(
  table: Table,
  request: {
    readonly caller: { readonly user_id: string };
    readonly operation: string;
    readonly key: string | undefined;
    readonly body: unknown;
    readonly now: Date;
  },
  effect: (result_id: (id: string) => Write[]) => Promise<T>,
  found: (result_id: string) => Promise<T>,
): Promise<T> {
  const { caller, operation, key, now } = request;
  if (key === undefined) return effect(() => []);
  const body_hash = createHash('sha256').update(JSON.stringify(request.body)).digest('base64url');
  const id = { user_id: caller.user_id, operation, key };
  const earlier = (current: unknown): Error => {
    const before = records.parse(current);
    return before.body_hash === body_hash
      ? new AlreadyDone(before.result_id)
      : conflict(
          'idempotency.other_body',
          'This Idempotency-Key was used with another body; choose a new key.',
        );
  };
  const refuseRepeated = async (): Promise<void> => {
    const before = await table.get(records, id, { consistent: true });
    if (before) throw earlier(before);
  };
  const expires_at = Math.floor(now.getTime() / 1000) + keptForS;
  try {
    await refuseRepeated();
    return await effect((result_id) => [
      table.insert(records, { ...id, body_hash, result_id, expires_at }, earlier),
    ]).catch(async (error: unknown) => {
      // what refused the effect may be its own twin, which was first: its name is taken, the limit reached
      await refuseRepeated();
      throw error;
    });
  } catch (error) {
    if (error instanceof AlreadyDone) return found(error.result_id);
    throw error;
  }
}
