import type { Page } from '../contracts/shapes.ts';
import { type Entity, folded, type IndexName, startAfter } from '../table/entity.ts';
import type { Table } from '../table/table.ts';
import { type Listing, paginate } from './paging.ts';

/** Reads at least this many items at once when filters will drop most of them. */
const searchBatch = 200;

export interface ListSource<Item extends object, Id> {
  readonly entity: Entity<Item, Id>;
  readonly pk: string;
  /** Absent: the base table, which is read consistently. */
  readonly index?: IndexName;
  readonly prefix?: string;
  readonly backwards?: boolean;
  /** Whether filters drop items: undefined when none do. */
  readonly keep?: ((item: Item) => boolean) | undefined;
  readonly total?: number | null;
}

/** A page of a partition, of the items that `keep` lets through. */
export const pageOfPartition = <Item extends object, Id>(
  table: Table,
  listing: Listing,
  { entity, pk, index, prefix, backwards = false, keep, total = null }: ListSource<Item, Id>,
): Promise<Page<Item>> =>
  paginate<Item>(
    listing,
    (start, limit) =>
      table.query(entity, {
        pk,
        ...(index && { index }),
        ...(prefix !== undefined && { prefix }),
        backwards,
        limit: keep === undefined ? limit : Math.max(limit, searchBatch),
        start,
      }),
    {
      ...(keep && { keep }),
      keyOf: (item) => startAfter(entity, item, index),
      total,
    },
  );

/** Whether one of the texts contains what was searched for, whatever its case and width. */
export function contains(q: string | undefined, texts: readonly string[]): boolean {
  if (q === undefined) return true;
  const wanted = folded(q);
  return texts.some((text) => folded(text).includes(wanted));
}
