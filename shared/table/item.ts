import * as z from 'zod';
import { eachKind, itemLabels, itemStatus, parameters } from '../contracts/item-shapes.ts';
import type { StoredParameters } from '../domain/items/types.ts';
import { entity } from './entity.ts';
import { sortableNumber } from './leaderboard.ts';

const numbered = (revision: number): string => String(revision).padStart(5, '0');

/** An item's difficulty: of several categories the mean of their thresholds. */
export const difficultyOf = (known: StoredParameters): number =>
  'thresholds' in known
    ? known.thresholds.reduce((sum, value) => sum + value, 0) / known.thresholds.length
    : known.b;

/**
 * An item of a bank as it is now. It stands in its bank's partition, so that the whole bank is one consistent query.
 *
 * Access patterns:
 * - by bank and id: `bank#<bank>` / `item#<id>` (by id alone: the bank is in the item's first revision)
 * - of a bank in the order of ids, which is that of creation: `bank#<bank>`, prefix `item#`
 * - of a bank by change: gsi1 `bank#<bank>#items`
 * - of a bank by difficulty, where it is known: gsi2 `bank#<bank>#items#b`
 */
export const items = entity({
  type: 'item',
  schema: eachKind({
    item_id: z.string(),
    bank_id: z.string(),
    org_id: z.string(),
    revision: z.int(),
    parameters: parameters.nullable(),
    status: itemStatus,
    ...itemLabels,
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: ({ bank_id, item_id }: { bank_id: string; item_id: string }) => ({
    pk: `bank#${bank_id}`,
    sk: `item#${item_id}`,
  }),
  indexes: {
    gsi1: (item) => ({ pk: `bank#${item.bank_id}#items`, sk: `${item.updated_at}#${item.item_id}` }),
    gsi2: (item) =>
      item.parameters
        ? {
            pk: `bank#${item.bank_id}#items#b`,
            sk: `${sortableNumber(difficultyOf(item.parameters))}#${item.item_id}`,
          }
        : undefined,
  },
});
export type ItemRecord = z.output<typeof items.schema>;

/**
 * A revision of an item: what it asked and how it measured. Never changed; it stays when a draft is deleted, for the
 * quizzes that name it.
 *
 * Access patterns:
 * - by item and number: `item#<id>` / `rev#<00001>`; the first tells the item's bank
 * - the revisions of an item, newest first: `item#<id>`, prefix `rev#`
 */
export const itemRevisions = entity({
  type: 'item_revision',
  schema: eachKind({
    item_id: z.string(),
    bank_id: z.string(),
    org_id: z.string(),
    revision: z.int(),
    parameters: parameters.nullable(),
    changed: z.array(z.string()),
    created_by: z.string(),
    created_at: z.string(),
  }),
  key: ({ item_id, revision }: { item_id: string; revision: number }) => ({
    pk: `item#${item_id}`,
    sk: `rev#${numbered(revision)}`,
  }),
});
export type ItemRevisionRecord = z.output<typeof itemRevisions.schema>;

/**
 * Which item of a bank has an external id.
 *
 * Access pattern: by bank and external id: `bank#<bank>` / `external#<id>`
 */
export const itemExternalIds = entity({
  type: 'item_external_id',
  schema: z.object({ bank_id: z.string(), external_id: z.string(), item_id: z.string() }),
  key: ({ bank_id, external_id }: { bank_id: string; external_id: string }) => ({
    pk: `bank#${bank_id}`,
    sk: `external#${external_id}`,
  }),
});
