import type { ObjectStore } from '../aws/objects.ts';
import { conflict, notFound } from '../errors.ts';
import { type ItemRecord, items } from '../table/item.ts';
import { type BankVersionRecord, bankVersions, type ItemBankRecord, itemBanks } from '../table/item-bank.ts';
import { retried } from '../table/retry.ts';
import type { Table } from '../table/table.ts';
import { encodeBank, type PublishedContent, writeBank } from './object.ts';

interface World {
  readonly table: Table;
  readonly objects: Pick<ObjectStore, 'put'>;
  readonly now: () => Date;
}
interface Publication {
  readonly by: string;
  readonly note: string;
  readonly source: 'publish' | 'calibration';
}

/** Every item of a bank, consistently, in the order of their ids. */
export const itemsOfBank = (table: Table, bank_id: string): Promise<ItemRecord[]> =>
  table.queryAll(items, { pk: `bank#${bank_id}`, prefix: 'item#' });

/** What is published of a bank: its live and pilot items, in the order of their ids. */
export const publishable = (
  { bank_id, D }: Pick<ItemBankRecord, 'bank_id' | 'D'>,
  all: readonly ItemRecord[],
): PublishedContent => ({
  bank_id,
  D,
  items: all.flatMap((item) =>
    item.status === 'live' || item.status === 'pilot' ? [{ ...item, status: item.status }] : [],
  ),
});

/**
 * Publishes a bank as it is: the object first, then the record that names it. Where nothing has changed since the
 * newest version, that version is the answer, so that a repetition makes nothing.
 *
 * @throws 404 where there is no such bank, 409 `item_bank.empty`
 */
export function publishBank(
  world: World,
  bank_id: string,
  publication: Publication,
): Promise<BankVersionRecord> {
  const { table } = world;
  return retried(async () => {
    const bank = await table.get(itemBanks, { bank_id }, { consistent: true });
    if (!bank) throw notFound('item_bank');
    const content = publishable(bank, await itemsOfBank(table, bank_id));
    if (content.items.length === 0)
      throw conflict('item_bank.empty', 'Only live and pilot items are published, and this bank has none.');
    const encoded = encodeBank(content);
    const newest = await newestVersion(table, bank);
    if (newest?.sha256 === encoded.sha256) return newest;

    const record = versionOf(bank, content, {
      ...publication,
      sha256: encoded.sha256,
      at: world.now().toISOString(),
    });
    await writeBank(world.objects, encoded);
    const { version_number: published_version, published_at } = record;
    await table.write(
      table.replace(itemBanks, bank, { ...bank, published_version, published_at }),
      table.insert(bankVersions, record),
    );
    return record;
  });
}

async function newestVersion(
  table: Table,
  { bank_id, published_version: version_number }: ItemBankRecord,
): Promise<BankVersionRecord | undefined> {
  if (version_number === 0) return undefined;
  return table.get(bankVersions, { bank_id, version_number }, { consistent: true });
}

const versionOf = (
  bank: ItemBankRecord,
  { items: published }: PublishedContent,
  { by, note, source, sha256, at }: Publication & { readonly sha256: string; readonly at: string },
): BankVersionRecord => ({
  bank_id: bank.bank_id,
  version_number: bank.published_version + 1,
  items: published.length,
  live: published.filter(({ status }) => status === 'live').length,
  pilot: published.filter(({ status }) => status === 'pilot').length,
  sha256,
  note,
  source,
  published_by: by,
  published_at: at,
});
