import type { Caller } from '#shared/contracts/operation.ts';
import { forbidden, notFound } from '#shared/errors.ts';
import { administers } from '#shared/reach.ts';
import { type ItemBankRecord, itemBanks } from '#shared/table/item-bank.ts';
import { users } from '#shared/table/user.ts';
import type { TestingWorld } from './world.ts';

type Seen = Pick<TestingWorld, 'table'>;

const noSuchBank = () => notFound('item_bank');

/** Content of an organisation is readable to its staff; the contracts keep students and guardians out. */
export const readsContent = (caller: Caller, org_id: string): boolean =>
  caller.org_id === org_id || caller.role === 'platform_admin';

/** A bank that the caller may read. */
export async function readableBank(
  { table }: Seen,
  caller: Caller,
  bank_id: string,
  orElse: () => Error = noSuchBank,
): Promise<ItemBankRecord> {
  const found = await table.get(itemBanks, { bank_id }, { consistent: true });
  if (!found || !readsContent(caller, found.org_id)) throw orElse();
  return found;
}

/** A bank that the caller may change: their own, or from above. */
export async function ownBank(
  world: Seen,
  caller: Caller,
  bank_id: string,
  orElse?: () => Error,
): Promise<ItemBankRecord> {
  const found = await readableBank(world, caller, bank_id, orElse);
  if (found.created_by === caller.user_id || administers(caller, found.org_id)) return found;
  throw forbidden('item_bank.not_own', 'Only the author of the bank or an administrator may do this.');
}

/** Names of people by their ids; blank for who is gone. */
export async function namesOf(
  { table }: Seen,
  user_ids: readonly string[],
): Promise<(user_id: string) => string> {
  const ids = [...new Set(user_ids)];
  const found = await table.getMany(
    users,
    ids.map((user_id) => ({ user_id })),
  );
  const names = new Map(ids.map((user_id, at) => [user_id, found[at]?.name ?? '']));
  return (user_id) => names.get(user_id) ?? '';
}
