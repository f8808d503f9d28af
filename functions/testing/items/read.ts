import type { Item, ItemRevision, itemOperations } from '#shared/contracts/items.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { notFound } from '#shared/errors.ts';
import type { Listing } from '#shared/http/paging.ts';
import { contains, type ListSource, pageOfPartition } from '#shared/http/partition.ts';
import { type ItemRecord, itemRevisions, items } from '#shared/table/item.ts';
import { namesOf, readableBank, readsContent } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';

type Operations = typeof itemOperations;
type Query = Request<Operations['listItems']>['query'];

/** An item that the caller may read; its first revision tells where it is. */
export async function readableItem(
  { table }: Pick<TestingWorld, 'table'>,
  caller: Caller,
  item_id: string,
): Promise<ItemRecord> {
  const first = await table.get(itemRevisions, { item_id, revision: 1 }, { consistent: true });
  if (!first || !readsContent(caller, first.org_id)) throw notFound('item');
  const item = await table.get(items, first, { consistent: true });
  if (!item) throw notFound('item');
  return item;
}

export async function listItems(world: TestingWorld, caller: Caller, query: Query): Promise<Page<Item>> {
  const bank = await readableBank(world, caller, query.bank_id);
  const listing: Listing = { caller, query, filters: { operation: 'listItems', ...query } };
  const keep = filterOf(query);
  const total = keep === undefined && !query.sort.endsWith('b') ? bank.item_count : null;
  return pageOfPartition(world.table, listing, {
    entity: items,
    ...order(query),
    backwards: query.sort.startsWith('-'),
    keep,
    total,
  });
}

function order({
  bank_id,
  sort,
}: Query): Pick<ListSource<ItemRecord, ItemRecord>, 'pk' | 'index' | 'prefix'> {
  switch (sort) {
    case 'created_at':
      return { pk: `bank#${bank_id}`, prefix: 'item#' };
    case 'b':
    case '-b':
      return { pk: `bank#${bank_id}#items#b`, index: 'gsi2' };
    default:
      return { pk: `bank#${bank_id}#items`, index: 'gsi1' };
  }
}

/** Undefined: nothing is filtered. */
function filterOf(query: Query): ((item: ItemRecord) => boolean) | undefined {
  const { status, kind, subject, grade, module, tag, q } = query;
  if ([status, kind, subject, grade, module, tag, q].every((filter) => filter === undefined))
    return undefined;
  const is = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;
  return (item) =>
    is(status, item.status) &&
    is(kind, item.kind) &&
    is<string | null>(subject, item.subject) &&
    is<string | null>(grade, item.grade) &&
    is<string | null>(module, item.module) &&
    (tag === undefined || item.tags.includes(tag)) &&
    contains(q, [item.body, item.external_id ?? '', ...item.tags]);
}

export async function listItemRevisions(
  world: TestingWorld,
  caller: Caller,
  item_id: string,
  query: Request<Operations['listItemRevisions']>['query'],
): Promise<Page<ItemRevision>> {
  const item = await readableItem(world, caller, item_id);
  const listing: Listing = { caller, query, filters: { operation: 'listItemRevisions', item_id } };
  const page = await pageOfPartition(world.table, listing, {
    entity: itemRevisions,
    pk: `item#${item_id}`,
    prefix: 'rev#',
    backwards: true,
    total: item.revision,
  });
  const nameOf = await namesOf(
    world,
    page.items.map(({ created_by }) => created_by),
  );
  return {
    ...page,
    items: page.items.map((revision) => ({ ...revision, created_by_name: nameOf(revision.created_by) })),
  };
}
