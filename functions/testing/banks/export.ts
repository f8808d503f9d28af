import { eachItem } from '#shared/banks/items.ts';
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
  const lineOf = format === 'csv' ? csvItem : jsonItem;
  const parts = new Parts(part);
  for await (const item of eachItem(world.table, bank_id)) parts.add(lineOf(item));
  const { chosen, count } = parts;
  if (part > count) throw notFound('part');
  return {
    file_name: `${slugOf(bank)}${count > 1 ? `-${part}` : ''}.${format}`,
    media_type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
    content: format === 'csv' ? byteOrderMark + csvHeading + chosen.join('') : jsonFile(bank, chosen),
    items: chosen.length,
    parts: count,
  };
}

/** Lines by parts, of which one is wanted and kept. There is always one, if it is empty. */
class Parts {
  readonly chosen: string[] = [];
  count = 1;
  /** Of the last part. */
  #lines = 0;
  #length = 0;
  readonly #wanted: number;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(line: string): void {
    const fits = this.#length + line.length <= longestImport - margin;
    if (this.#lines === mostImportedItems || (this.#lines > 0 && !fits)) {
      this.count++;
      this.#lines = 0;
      this.#length = 0;
    }
    this.#lines++;
    this.#length += line.length;
    if (this.count === this.#wanted) this.chosen.push(line);
  }
}

const slugOf = ({ name }: ItemBankRecord): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'items';
