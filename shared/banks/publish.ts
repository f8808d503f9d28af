import type { ObjectStore } from '../aws/objects.ts';
import { conflict, type DomainError, notFound } from '../errors.ts';
import { type BankVersionRecord, bankVersions, type ItemBankRecord, itemBanks } from '../table/item-bank.ts';
import { retried } from '../table/retry.ts';
import type { Table } from '../table/table.ts';
import { eachItem } from './items.ts';
import { type EncodedBank, encodeBank, encodeItem, mostPublishedBytes, writeBank } from './object.ts';

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

/** What is published of a bank: its live and pilot items. */
interface Publishable extends EncodedBank {
  readonly live: number;
  readonly pilot: number;
}

const megabytes = (bytes: number): number => Math.ceil((bytes / 1_048_576) * 10) / 10;

const tooLarge = (bytes: number): DomainError =>
  conflict(
    'item_bank.too_large',
    `What is published of a bank may have ${megabytes(mostPublishedBytes)} MB; the live and pilot items of this one have ${megabytes(bytes)} MB. Shorten or retire some, or move them to another bank.`,
  );

/** @throws 409 `item_bank.empty`, `item_bank.too_large` */
async function publishable(table: Table, bank: ItemBankRecord): Promise<Publishable> {
  const texts: string[] = [];
  const count = { live: 0, pilot: 0 };
  let bytes = 0;
  for await (const item of eachItem(table, bank.bank_id)) {
    const { status } = item;
    if (status !== 'live' && status !== 'pilot') continue;
    const text = encodeItem({ ...item, status });
    count[status]++;
    bytes += Buffer.byteLength(text);
    // what is too large is measured to its end, and not kept
    if (bytes > mostPublishedBytes) texts.length = 0;
    else texts.push(text);
  }
  if (bytes === 0)
    throw conflict('item_bank.empty', 'Only live and pilot items are published, and this bank has none.');
  if (bytes > mostPublishedBytes) throw tooLarge(bytes);
  return { ...encodeBank(bank, texts), ...count };
}

/**
 * Publishes a bank as it is: the object first, then the record that names it. Where nothing has changed since the
 * newest version, that version is the answer, so that a repetition makes nothing.
 *
 * @throws 404 where there is no such bank, 409 `item_bank.empty`, `item_bank.too_large`
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
    const encoded = await publishable(table, bank);
    const newest = await newestVersion(table, bank);
    if (newest?.sha256 === encoded.sha256) return newest;

    const record = versionOf(bank, encoded, { ...publication, at: world.now().toISOString() });
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
  { live, pilot, sha256 }: Publishable,
  { by, note, source, at }: Publication & { readonly at: string },
): BankVersionRecord => ({
  bank_id: bank.bank_id,
  version_number: bank.published_version + 1,
  items: live + pilot,
  live,
  pilot,
  sha256,
  note,
  source,
  published_by: by,
  published_at: at,
});
