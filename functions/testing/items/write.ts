import type { WrittenItem } from '#shared/contracts/item-shapes.ts';
import type { Item, itemOperations } from '#shared/contracts/items.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { statusProblem } from '#shared/domain/items/revise.ts';
import { conflict, notFound, unknownReference } from '#shared/errors.ts';
import { invalidRequest, issuesOf } from '#shared/http/reply.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { type ItemRecord, itemExternalIds, items } from '#shared/table/item.ts';
import { countItems, newItem, newItemWrites, refuseLargeItem } from '#shared/table/new-item.ts';
import { retried } from '#shared/table/retry.ts';
import { ownBank } from '../bank-access.ts';
import { changedItem, changeOf } from '../item-write.ts';
import type { TestingWorld } from '../world.ts';
import { readableItem } from './read.ts';

type Operations = typeof itemOperations;
type Changes = Request<Operations['updateItem']>['body'];

const unknownBank = () => unknownReference('item_bank.unknown', 'Item bank not found');

export async function createItem(
  world: TestingWorld,
  caller: Caller,
  { body, idempotency_key: key }: Request<Operations['createItem']>,
): Promise<Item> {
  const { table } = world;
  const { bank_id, ...written } = body;
  const { org_id } = await ownBank(world, caller, bank_id, unknownBank);
  refuseLargeItem(written);
  refuseStatus(written.status, written);
  return idempotently(
    table,
    { caller, operation: 'createItem', key, body, now: world.now() },
    async (once) => {
      const item_id = world.newId();
      const made = { by: caller.user_id, at: world.now().toISOString() };
      const item = newItem({ item_id, bank_id, org_id }, written, made);
      await table.write(...once(item_id), countItems(table, bank_id, 1), ...newItemWrites(table, item));
      return item;
    },
    (item_id) => readableItem(world, caller, item_id),
  );
}

function refuseStatus(from: ItemRecord['status'], { status, parameters }: WrittenItem): void {
  const problem = statusProblem(from, status, parameters);
  if (problem)
    throw conflict(problem.rule === 'order' ? 'item.status' : 'item.no_parameters', `${problem.message}.`);
}

/** An item that the caller may change, with its bank: the bank's author, or from above. */
async function ownItem(world: TestingWorld, caller: Caller, item_id: string): Promise<ItemRecord> {
  const item = await readableItem(world, caller, item_id);
  await ownBank(world, caller, item.bank_id, () => notFound('item'));
  return item;
}

export function updateItem(
  world: TestingWorld,
  caller: Caller,
  item_id: string,
  { version: seen, ...changes }: Changes,
): Promise<Item> {
  const { table } = world;
  return retried(async () => {
    const item = await ownItem(world, caller, item_id);
    if (seen !== undefined && seen !== item.version)
      throw conflict(
        'item.changed',
        `The item is at version ${item.version} by now; yours was ${seen}. Read it before you change it.`,
      );
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    const parsed = changedItem(item, Object.fromEntries(given));
    if (!parsed.success) throw invalidRequest(issuesOf('body', parsed.error));
    refuseLargeItem(parsed.data);
    refuseStatus(item.status, parsed.data);
    const made = { by: caller.user_id, at: world.now().toISOString() };
    const change = changeOf(table, item, parsed.data, made);
    if (!change) return item;
    await table.write(...change.writes);
    return change.next;
  });
}

/** Takes a draft away. Its revisions stay: a quiz may ask what it asked. */
export function deleteItem(world: TestingWorld, caller: Caller, item_id: string): Promise<void> {
  const { table } = world;
  return retried(async () => {
    const item = await ownItem(world, caller, item_id);
    const { bank_id, external_id } = item;
    if (item.status !== 'draft')
      throw conflict('item.in_use', 'Only a draft can be deleted; retire this item instead.');
    await table.write(
      table.remove(items, item, { when: '#version = :seen', values: { ':seen': item.version } }),
      ...(external_id === null ? [] : [table.remove(itemExternalIds, { bank_id, external_id })]),
      countItems(table, bank_id, -1),
    );
  });
}
