import type { ItemStats, itemStatisticsOperations } from '#shared/contracts/exam-statistics.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { type ItemStatistics, type ItemSums, itemStatistics } from '#shared/domain/irt/index.ts';
import { pageOf } from '#shared/http/paging.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { itemAnswerSums, itemSumsKey } from '#shared/table/exam-statistics.ts';
import { readableBank } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';
import { readableItem } from './read.ts';

type Operations = typeof itemStatisticsOperations;
type Query = Request<Operations['listItemStats']>['query'];

const milliseconds = (seconds: number | null): number | null =>
  seconds === null ? null : Math.round(seconds * 1000);

function view(
  { item_id, bank_id }: { readonly item_id: string; readonly bank_id: string },
  attempts: number,
  found: ItemStatistics | null,
): ItemStats {
  return {
    item_id,
    bank_id,
    attempts,
    correct_count: found?.correct ?? null,
    p_correct: found?.p ?? null,
    point_biserial: found?.point_biserial ?? null,
    average_response_time_ms: milliseconds(found?.mean_time_s ?? null),
    typical_response_time_ms: milliseconds(found?.typical_time_s ?? null),
    drift: found?.drift ?? null,
  };
}

const viewSums = (id: { readonly item_id: string; readonly bank_id: string }, sums: ItemSums): ItemStats =>
  view(id, sums.n, itemStatistics(sums));

/** A bank is bounded, and its order by p follows from sums that move all the time: it is read whole. */
async function listItemStats(world: TestingWorld, caller: Caller, query: Query): Promise<Page<ItemStats>> {
  const { bank_id, sort } = query;
  await readableBank(world, caller, bank_id);
  const counted = await world.table.queryAll(itemAnswerSums, { pk: itemSumsKey(bank_id) });
  const p = ({ p_correct }: ItemStats): number => p_correct ?? 0;
  const sorted = counted
    .map((sums) => viewSums(sums, sums))
    .filter(({ p_correct }) => p_correct !== null)
    .toSorted((a, b) => p(b) - p(a) || (a.item_id < b.item_id ? -1 : 1));
  const listing = { caller, query, filters: { operation: 'listItemStats', bank_id, sort } };
  return pageOf(listing, sort === 'p_correct' ? sorted.toReversed() : sorted);
}

async function getItemStats(world: TestingWorld, caller: Caller, item_id: string): Promise<ItemStats> {
  const item = await readableItem(world, caller, item_id);
  const sums = await world.table.get(itemAnswerSums, item, { consistent: true });
  return sums ? viewSums(sums, sums) : view(item, 0, null);
}

export const itemStatisticsHandlers = (world: TestingWorld): Handlers<Operations> => ({
  listItemStats: ({ caller, query }) => listItemStats(world, caller, query),
  getItemStats: ({ caller, params }) => getItemStats(world, caller, params.item_id),
});
