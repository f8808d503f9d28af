import type { Caller } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { type Listing, pageOf, paginate } from '#shared/http/paging.ts';
import { type Entity, folded, type IndexName, sortable, startAfter } from '#shared/table/entity.ts';
import type { World } from './world.ts';

export interface ListQuery {
  readonly q?: string | undefined;
  readonly sort?: 'name' | '-name' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Filters that a cursor is bound to: the query itself, and what the path says. */
export const listing = (
  operation: string,
  caller: Caller,
  query: ListQuery,
  more: Readonly<Record<string, unknown>> = {},
): Listing => ({ caller, query, filters: { operation, ...query, ...more } });

/** Whether one of a person's or thing's names contains what was searched for, whatever its case and width. */
export function matches(q: string | undefined, ...names: readonly (string | null)[]): boolean {
  if (q === undefined) return true;
  const wanted = folded(q);
  return names.some((name) => name !== null && folded(name).includes(wanted));
}

/** Reads this many items at once when a search will drop most of them. */
const searchBatch = 200;

export interface IndexSource<Item extends object, Id, Shown> {
  readonly entity: Entity<Item, Id>;
  readonly index: IndexName;
  readonly pk: string;
  /** What is listed of a batch of items, in their order; undefined leaves one out. */
  readonly show: (items: Item[]) => (Shown | undefined)[] | Promise<(Shown | undefined)[]>;
  readonly total?: number | null;
}

/** A page of an index partition, by name. */
export async function indexPage<Item extends object, Id, Shown>(
  world: World,
  list: Listing,
  query: ListQuery,
  source: IndexSource<Item, Id, Shown>,
): Promise<Page<Shown>> {
  const { entity, index, pk } = source;
  const found = await paginate<{ readonly item: Item; readonly shown: Shown | undefined }>(
    list,
    async (start, limit) => {
      const batch = await world.table.query(entity, {
        pk,
        index,
        backwards: query.sort === '-name',
        limit: query.q === undefined ? limit : Math.max(limit, searchBatch),
        start,
      });
      const shown = await source.show(batch.items);
      return { items: batch.items.map((item, at) => ({ item, shown: shown[at] })), next: batch.next };
    },
    {
      keep: ({ shown }) => shown !== undefined,
      keyOf: ({ item }) => startAfter(entity, item, index),
      total: source.total ?? null,
    },
  );
  return { ...found, items: found.items.flatMap(({ shown }) => (shown === undefined ? [] : [shown])) };
}

const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** A page of what is held whole because it is small by a rule of the domain: one person's classes, say. */
export function namedPage<Item extends { readonly name: string }>(
  list: Listing,
  query: ListQuery,
  items: readonly Item[],
): Page<Item> {
  const sorted = items.toSorted((a, b) => before(sortable(a.name), sortable(b.name)));
  return pageOf(list, query.sort === '-name' ? sorted.toReversed() : sorted);
}
