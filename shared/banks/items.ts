import { type ItemRecord, items } from '../table/item.ts';
import type { Table } from '../table/table.ts';

/**
 * Every item of a bank, consistently, in the order of their ids, a page of the table at a time: five thousand items of
 * 48 KB have 240 MB, more than the functions that read them.
 */
export async function* eachItem(table: Table, bank_id: string): AsyncGenerator<ItemRecord, void> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.query(items, { pk: `bank#${bank_id}`, prefix: 'item#', start });
    yield* page.items;
    start = page.next;
  } while (start);
}

/** Those of {@link eachItem} that `keep` lets through. */
export async function itemsOfBank(
  table: Table,
  bank_id: string,
  keep: (item: ItemRecord) => boolean = () => true,
): Promise<ItemRecord[]> {
  const kept: ItemRecord[] = [];
  for await (const item of eachItem(table, bank_id)) if (keep(item)) kept.push(item);
  return kept;
}
