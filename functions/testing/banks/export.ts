import { itemsOfBank } from '#shared/banks/publish.ts';
import { type itemBankOperations, longestImport, mostImportedItems } from '#shared/contracts/item-banks.ts';
import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import { csvHeading, csvItem } from '#shared/domain/items/csv.ts';
import { jsonFile, jsonItem } from '#shared/domain/items/json.ts';
import { notFound } from '#shared/errors.ts';
import type { ItemBankRecord } from '#shared/table/item-bank.ts';
import { readableBank } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';

type Operation = (typeof itemBankOperations)['exportItems'];

/** Room for what stands around the items of a part. */
const margin = 20_000;
/** By it a spreadsheet knows UTF-8. */
const byteOrderMark = '\uFEFF';

/** The items of a bank, in the order of their ids, in parts that the import takes whole. */
export async function exportItems(
  world: TestingWorld,
  caller: Caller,
  bank_id: string,
  { format, part }: Request<Operation>['query'],
): Promise<Reply<Operation>> {
  const bank = await readableBank(world, caller, bank_id);
  const lines = (await itemsOfBank(world.table, bank_id)).map(format === 'csv' ? csvItem : jsonItem);
  const parts = partsOf(lines);
  const chosen = parts[part - 1];
  if (!chosen) throw notFound('part');
  return {
    file_name: `${slugOf(bank)}${parts.length > 1 ? `-${part}` : ''}.${format}`,
    media_type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
    content: format === 'csv' ? byteOrderMark + csvHeading + chosen.join('') : jsonFile(bank, chosen),
    items: chosen.length,
    parts: parts.length,
  };
}

/** Always one, if it is empty. */
function partsOf(lines: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  let length = 0;
  for (const line of lines) {
    const last = parts.at(-1);
    const fits = length + line.length <= longestImport - margin;
    if (last && last.length < mostImportedItems && (fits || last.length === 0)) last.push(line);
    else {
      parts.push([line]);
      length = 0;
    }
    length += line.length;
  }
  return parts;
}

const slugOf = ({ name }: ItemBankRecord): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'items';
