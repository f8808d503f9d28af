import { expect, test } from 'vitest';
import { writtenItem } from '#shared/contracts/item-shapes.ts';
import type { Entity } from '#shared/table/entity.ts';
import { itemExternalIds, itemRevisions, items } from '#shared/table/item.ts';
import { bankVersions, itemBanks } from '#shared/table/item-bank.ts';
import { sortableNumber } from '#shared/table/leaderboard.ts';
import { newBank, newItem, revisionOf } from '#shared/table/new-item.ts';

const at = '2026-11-20T09:30:00.000Z';
const made = { by: 'u1', at };

/** The keys of a stored item, `index: pk / sk`. */
const keysOf = <Item extends object, Id>(entity: Entity<Item, Id>, item: Item): string[] => {
  const stored = entity.stored(item);
  return ['', 'gsi1', 'gsi2', 'gsi3'].flatMap((index) =>
    stored[`${index}pk`] === undefined
      ? []
      : [`${index || 'table'}: ${stored[`${index}pk`]} / ${stored[`${index}sk`]}`],
  );
};

const item = (parameters: object | null) =>
  newItem(
    { item_id: 'i1', bank_id: 'b1', org_id: 'o1' },
    writtenItem.parse({ kind: 'multi', body: 'x', options: ['a', 'b', 'c'], key: [0, 1], parameters }),
    made,
  );

test('items and banks stand where their access patterns look for them', () => {
  const measured = item({ model: 'GRM', a: 1, thresholds: [-1, 2] });
  expect({
    bank: keysOf(
      itemBanks,
      newBank(
        { bank_id: 'b1', org_id: 'o1' },
        { name: 'Ｐython', description: '', subject: null, D: 1 },
        made,
      ),
    ),
    version: keysOf(bankVersions, {
      bank_id: 'b1',
      version_number: 12,
      items: 1,
      live: 1,
      pilot: 0,
      sha256: '',
      note: '',
      source: 'publish',
      published_by: 'u1',
      published_at: at,
    }),
    item: keysOf(items, measured),
    'item that nobody has measured': keysOf(items, item(null)),
    revision: keysOf(itemRevisions, revisionOf({ ...measured, revision: 12 }, [], made)),
    'external id': keysOf(itemExternalIds, { bank_id: 'b1', external_id: 'A #1', item_id: 'i1' }),
  }).toEqual({
    bank: ['table: bank#b1 / bank', 'gsi1: org#o1#banks / python#b1'],
    version: ['table: bank#b1 / published#00012'],
    item: [
      'table: bank#b1 / item#i1',
      `gsi1: bank#b1#items / ${at}#i1`,
      `gsi2: bank#b1#items#b / ${sortableNumber(0.5)}#i1`,
    ],
    'item that nobody has measured': ['table: bank#b1 / item#i1', `gsi1: bank#b1#items / ${at}#i1`],
    revision: ['table: item#i1 / rev#00012'],
    'external id': ['table: bank#b1 / external#A #1'],
  });
});
