import { eachItem } from '#shared/banks/items.ts';
import type { ItemBank, itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { conflict } from '#shared/errors.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { itemExternalIds, items } from '#shared/table/item.ts';
import { type ItemBankRecord, itemBanks } from '#shared/table/item-bank.ts';
import { newBank } from '#shared/table/new-item.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';
import { ownBank, readableBank } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';
import { viewBank } from './read.ts';

type Operations = typeof itemBankOperations;

export function createItemBank(
  world: TestingWorld,
  caller: Caller,
  { body, idempotency_key: key }: Request<Operations['createItemBank']>,
): Promise<ItemBank> {
  return idempotently(
    world.table,
    { caller, operation: 'createItemBank', key, body, now: world.now() },
    async (once) => {
      const bank_id = world.newId();
      const made = { by: caller.user_id, at: world.now().toISOString() };
      const bank = newBank({ bank_id, org_id: caller.org_id }, body, made);
      await world.table.write(...once(bank_id), world.table.insert(itemBanks, bank));
      return viewBank(world, bank);
    },
    async (bank_id) => viewBank(world, await readableBank(world, caller, bank_id)),
  );
}

export function updateItemBank(
  world: TestingWorld,
  caller: Caller,
  bank_id: string,
  { version: seen, ...changes }: Request<Operations['updateItemBank']>['body'],
): Promise<ItemBank> {
  return retried(async () => {
    const bank = await ownBank(world, caller, bank_id);
    if (seen !== undefined && seen !== bank.version)
      throw conflict(
        'item_bank.changed',
        `The bank is at version ${bank.version} by now; yours was ${seen}. Read it before you change it.`,
      );
    const { name = bank.name, description = bank.description, subject = bank.subject, D = bank.D } = changes;
    if (D !== bank.D && bank.published_version > 0)
      throw conflict('item_bank.published', 'The scale of a bank stays once a version of it was published.');
    const next: ItemBankRecord = {
      ...bank,
      name,
      description,
      subject,
      D,
      updated_at: world.now().toISOString(),
    };
    await world.table.write(world.table.replace(itemBanks, bank, next));
    return viewBank(world, { ...next, version: bank.version + 1 });
  });
}

/** Writes of one transaction that takes items away. */
const removedAtOnce = 50;

/** Takes a bank out of every list at once; its items follow. Their revisions stay for the quizzes that name them. */
export async function deleteItemBank(world: TestingWorld, caller: Caller, bank_id: string): Promise<void> {
  const { table } = world;
  await retried(async () => {
    const bank = await ownBank(world, caller, bank_id);
    if (bank.published_version > 0)
      throw conflict(
        'item_bank.published',
        'A version of this bank was published, and tests may be made of it: retire its items instead.',
      );
    await table.write(
      table.remove(itemBanks, bank, { when: '#version = :seen', values: { ':seen': bank.version } }),
    );
  });
  const gone: Write[] = [];
  for await (const { item_id, external_id } of eachItem(table, bank_id)) {
    gone.push(table.remove(items, { bank_id, item_id }));
    if (external_id !== null) gone.push(table.remove(itemExternalIds, { bank_id, external_id }));
  }
  for (let from = 0; from < gone.length; from += removedAtOnce)
    await unlessGone(() => table.write(...gone.slice(from, from + removedAtOnce)));
}

/** Nobody finds what is left when this stops half-way, or when two take away the same. */
async function unlessGone(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
