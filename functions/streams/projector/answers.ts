import {
  type ItemSums,
  itemSumsOf,
  mergeItemSums,
  noItemSums,
  withoutItemSums,
} from '#shared/domain/irt/stats.ts';
import type { ExamResponse, ExamResponses } from '#shared/table/exam-session.ts';

/** What one answer adds to its item's sums; one that is void nothing, one of an item on trial nothing about drift. */
function sumsOfAnswer({ x, milliseconds, expected, variance }: ExamResponse, theta: number): ItemSums {
  if (x === null) return noItemSums;
  return itemSumsOf({
    x,
    theta,
    milliseconds: milliseconds >= 1 ? milliseconds : undefined,
    expected: expected ?? x,
    variance: variance ?? 0,
  });
}

/** Long tests are counted in parts: a transaction takes a hundred writes, and has others to do than the items'. */
const answersOfPart = 85;
export const partsOf = (...results: readonly (ExamResponses | undefined)[]): number =>
  Math.max(1, ...results.map((result) => Math.ceil((result?.responses.length ?? 0) / answersOfPart)));

/** By item, what the answers of one part of a result add. */
function sumsOfPart(result: ExamResponses | undefined, part: number): Map<string, ItemSums> {
  const sums = new Map<string, ItemSums>();
  const from = part * answersOfPart;
  for (const response of result?.responses.slice(from, from + answersOfPart) ?? []) {
    const added = sumsOfAnswer(response, result?.theta ?? 0);
    sums.set(response.item_id, mergeItemSums(sums.get(response.item_id) ?? noItemSums, added));
  }
  return sums;
}

/** By item, what changes in the sums when one result takes another's place; items that do not change are left out. */
export function changeOfPart(
  before: ExamResponses | undefined,
  after: ExamResponses | undefined,
  part: number,
): Map<string, ItemSums> {
  const [old, now] = [sumsOfPart(before, part), sumsOfPart(after, part)];
  const changes = new Map<string, ItemSums>();
  for (const item_id of new Set([...old.keys(), ...now.keys()])) {
    const change = withoutItemSums(now.get(item_id) ?? noItemSums, old.get(item_id) ?? noItemSums);
    if (Object.values(change).some((sum) => sum !== 0)) changes.set(item_id, change);
  }
  return changes;
}
