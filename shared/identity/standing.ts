import * as z from 'zod';
import type { Caller } from '../contracts/operation.ts';
import { uuidv7 } from '../ids.ts';
import { entity } from '../table/entity.ts';
import type { Table, Write } from '../table/table.ts';
import { users } from '../table/user.ts';
import { logins } from './logins.ts';

/** A change of anybody's standing counts after at most so long. */
export const heedsWithinMs = 5_000;
/** While nobody's has changed, what was read of a login and its user is good for this long. */
const keptForMs = 60_000;
const mostKept = 5_000;

/**
 * The mark of the last change of somebody's standing: a login that ended, a user who was disabled or has another role
 * or organisation. As long as it stays the same nobody's need be read again.
 *
 * Access pattern: the one item, `standing` / `change`
 */
const changes = entity({
  type: 'standing_change',
  schema: z.object({ change_id: z.string() }),
  key: () => ({ pk: 'standing', sk: 'change' }),
});

/** Belongs into the transaction that changes somebody's standing, so that no process goes on with the old one. */
export const standingChanges = (table: Table): Write => table.put(changes, { change_id: uuidv7() });

/** The caller of a login as they stand now (at most 5 s ago); undefined once it ended. */
export type CallerNow = (login: {
  readonly user_id: string;
  readonly login_id: string;
}) => Promise<Caller | undefined>;

interface Kept {
  readonly caller: Caller | undefined;
  readonly until: number;
}

export function createCallerNow(table: Table, now: () => Date): CallerNow {
  const kept = new Map<string, Kept>();
  let lastChange: string | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  return async (login) => {
    const at = now().getTime();
    const known = kept.get(login.login_id);
    if (known && at < known.until && at - askedAt < heedsWithinMs) return known.caller;

    const before = lastChange;
    const keys = [changes.key(undefined), logins.key(login), users.key(login)];
    const [rawChange, rawLogin, rawUser] = await table.getRaw(keys);
    const caller = callerOf(rawLogin, rawUser, at);
    const change = rawChange && changes.parse(rawChange).change_id;
    if (change !== lastChange || kept.size >= mostKept) kept.clear();
    lastChange = change;
    askedAt = at;
    // The items are read one after the other: of a change that is new here, the login may still have been the old one.
    const keepMs = change === before ? keptForMs : heedsWithinMs;
    kept.set(login.login_id, { caller, until: at + keepMs });
    return caller;
  };
}

type Raw = Record<string, unknown> | undefined;

function callerOf(rawLogin: Raw, rawUser: Raw, at: number): Caller | undefined {
  if (!rawLogin || !rawUser) return undefined;
  const { user_id, login_id, expires_at } = logins.parse(rawLogin);
  const user = users.parse(rawUser);
  if (user.disabled || expires_at * 1000 <= at) return undefined;
  return { user_id, role: user.role, org_id: user.org_id, login_id };
}
