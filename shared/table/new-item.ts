import type { WrittenItem } from '../contracts/item-shapes.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { type ItemRecord, type ItemRevisionRecord, itemExternalIds, itemRevisions, items } from './item.ts';
import { type ItemBankRecord, itemBanks } from './item-bank.ts';
import { ConditionFailed, type Table, type Write } from './table.ts';

interface Made {
  readonly by: string;
  readonly at: string;
}
interface Place {
  readonly item_id: string;
  readonly bank_id: string;
  readonly org_id: string;
}

/** Items of a bank: what one published version may hold. */
export const mostItems = 5_000;
/** A page of a hundred items must fit into one reply. */
const mostItemBytes = 48 * 1024;

/** Why an item takes too much room, in words. */
export function sizeProblem(item: WrittenItem): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(item));
  if (bytes <= mostItemBytes) return undefined;
  return `all parts of an item together may have 48 KB; these have ${Math.ceil(bytes / 1024)} KB`;
}
export function refuseLargeItem(item: WrittenItem): void {
  const problem = sizeProblem(item);
  if (problem !== undefined) throw invalid(['body'], problem, 'too_big');
}

export const newBank = (
  id: { readonly bank_id: string; readonly org_id: string },
  fields: Pick<ItemBankRecord, 'name' | 'description' | 'subject' | 'D'>,
  { by, at }: Made,
): ItemBankRecord => ({
  ...id,
  ...fields,
  item_count: 0,
  published_version: 0,
  published_at: null,
  created_by: by,
  created_at: at,
  updated_at: at,
  version: 1,
});

/** An item, revision 1. */
export const newItem = (place: Place, written: WrittenItem, { by, at }: Made): ItemRecord => ({
  ...place,
  ...written,
  revision: 1,
  created_by: by,
  created_at: at,
  updated_at: at,
  version: 1,
});

/** What an item asks and how it measures, at a revision. */
export function revisionOf(
  item: ItemRecord,
  changed: readonly string[],
  { by, at }: Made,
): ItemRevisionRecord {
  const { item_id, bank_id, org_id, revision, parameters, body, explanation } = item;
  const about = { item_id, bank_id, org_id, revision, parameters, body, explanation };
  const made = { changed: [...changed], created_by: by, created_at: at };
  switch (item.kind) {
    case 'choice':
      return { ...about, ...made, kind: item.kind, options: item.options, key: item.key };
    case 'multi':
      return { ...about, ...made, kind: item.kind, options: item.options, key: item.key };
    case 'numeric':
      return { ...about, ...made, kind: item.kind, options: item.options, key: item.key };
    case 'text':
      return { ...about, ...made, kind: item.kind, options: item.options, key: item.key };
  }
}

export const externalIdTaken = (external_id: string) =>
  conflict('item.external_id', `Another item of this bank has the external id ${external_id}.`);

/** Takes an external id, of which a bank has one. */
export const takeExternalId = (
  table: Table,
  { bank_id, item_id }: Pick<Place, 'bank_id' | 'item_id'>,
  external_id: string,
): Write =>
  table.insert(itemExternalIds, { bank_id, item_id, external_id }, () => externalIdTaken(external_id));

/** A new item, without the count of its bank. At most three writes. */
export const newItemWrites = (table: Table, item: ItemRecord): Write[] => [
  table.insert(items, item),
  table.insert(itemRevisions, revisionOf(item, [], { by: item.created_by, at: item.created_at })),
  ...(item.external_id === null ? [] : [takeExternalId(table, item, item.external_id)]),
];

/**
 * Counts items that come or go; what changes the bank itself must see it.
 * @param seen the version of the bank that must still be: no other items have come or gone since
 */
export const countItems = (table: Table, bank_id: string, by: number, seen?: number): Write =>
  table.update(
    itemBanks,
    { bank_id },
    {
      expression: 'SET #item_count = #item_count + :by, #version = #version + :one',
      when: `attribute_exists(pk) AND #item_count <= :room${seen === undefined ? '' : ' AND #version = :seen'}`,
      values: {
        ':by': by,
        ':one': 1,
        ':room': mostItems - by,
        ...(seen !== undefined && { ':seen': seen }),
      },
      orElse: (bank) => {
        if (bank === undefined) return notFound('item_bank');
        // the room was looked at together with the version
        if (seen !== undefined) return new ConditionFailed(bank);
        return conflict('item_bank.full', `A bank has at most ${mostItems} items; make another bank.`);
      },
    },
  );
