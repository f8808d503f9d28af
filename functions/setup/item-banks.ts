import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ObjectStore } from '#shared/aws/objects.ts';
import { publishBank } from '#shared/banks/publish.ts';
import { type StartingBank, startingBank } from '#shared/content/starting-bank.ts';
import { derivedId, uuidv7 } from '#shared/ids.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import { countItems, newBank, newItem, newItemWrites } from '#shared/table/new-item.ts';
import { seeds } from '#shared/table/seed.ts';
import { type Root, type SetupWorld, unlessThere } from './content.ts';

/** Lies beside the function's bundle. */
export const itemBanksFile = 'item-banks.json';

export const readStartingBanks = async (folder = import.meta.dirname): Promise<StartingBank[]> =>
  z.array(startingBank).parse(JSON.parse(await readFile(join(folder, itemBanksFile), 'utf8')));

/** Items of one transaction: three writes each, and their count. */
const itemsAtOnce = 30;

/**
 * Puts the starting item banks into a school, once, each published as its version 1. One that the school deletes
 * later does not come back.
 */
export async function importItemBanks(
  world: SetupWorld & { readonly objects: Pick<ObjectStore, 'put'> },
  root: Root,
  read: () => Promise<readonly StartingBank[]>,
): Promise<void> {
  const { table } = world;
  if (await table.get(seeds, { name: 'item_banks' }, { consistent: true })) return;
  const content = await read();
  const publication = { by: root.admin_user_id, note: '', source: 'publish' } as const;
  const importAndPublish = async (one: StartingBank): Promise<void> => {
    await importOne(world, root, one);
    await publishBank(world, bankIdOf(root, one.slug), publication);
  };
  await Promise.all(content.map(importAndPublish));
  const created_at = world.now().toISOString();
  await unlessThere(table, [table.insert(seeds, { name: 'item_banks', count: content.length, created_at })]);
}

export const bankIdOf = ({ org_id }: Root, slug: string): string => derivedId(org_id, 'item_bank', slug);

async function importOne({ table, now }: SetupWorld, root: Root, { slug, bank, items }: StartingBank) {
  const { org_id } = root;
  const made = { by: root.admin_user_id, at: now().toISOString() };
  const bank_id = bankIdOf(root, slug);
  await unlessThere(table, [table.insert(itemBanks, newBank({ bank_id, org_id }, bank, made))]);
  const records = items.map((item, at) =>
    newItem({ item_id: itemIdOf(bank_id, at), bank_id, org_id }, item, made),
  );
  for (let from = 0; from < records.length; from += itemsAtOnce) {
    const some = records.slice(from, from + itemsAtOnce);
    // what a run before has made is made whole
    await unlessThere(table, [
      ...some.flatMap((item) => newItemWrites(table, item)),
      countItems(table, bank_id, some.length),
    ]);
  }
}

/** Before all that people write, in the order of the file: items of a bank stand by their ids. */
const firstItemAt = Date.UTC(2026, 0, 1);

/** The same id for the same place in a bank, so that a second run finds what the first has made. */
const itemIdOf = (bank_id: string, at: number): string =>
  uuidv7(
    new Date(firstItemAt + at),
    createHash('sha256').update(`${bank_id} ${at}`).digest().subarray(0, 10),
  );
