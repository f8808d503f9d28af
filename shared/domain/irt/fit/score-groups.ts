import { at } from '../bank.ts';

/** One score group of an item: observed and expected persons in each category. */
export interface ScoreGroup {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
}

const personsIn = ({ observed }: ScoreGroup): number => observed.reduce((sum, n) => sum + n, 0);

const together = (one: ScoreGroup, other: ScoreGroup): ScoreGroup => ({
  observed: one.observed.map((n, k) => n + at(other.observed, k)),
  expected: one.expected.map((n, k) => n + at(other.expected, k)),
});

/**
 * Joins score groups until every expected count reaches `least`: first a group of one person to the next (the last one
 * to the one before), then the lowest sparse group to its neighbour of fewer persons (of equal ones the lower).
 * These are mirt's rules, on which the statistic depends.
 */
export function mergedGroups(groups: readonly ScoreGroup[], least: number): ScoreGroup[] {
  const left = withoutLonely(groups);
  for (;;) {
    const sparse = left.findIndex(({ expected }) => expected.some((n) => n < least && n !== 0));
    const group = left[sparse];
    if (group === undefined || left.length < 2) return left;
    const [before, after] = [left[sparse - 1], left[sparse + 1]];
    const goesUp = before === undefined || (after !== undefined && personsIn(before) > personsIn(after));
    const neighbour = goesUp ? after : before;
    if (neighbour === undefined) return left;
    left.splice(goesUp ? sparse : sparse - 1, 2, together(group, neighbour));
  }
}

/** Groups of one person join the next, the last one the one before. */
function withoutLonely(groups: readonly ScoreGroup[]): ScoreGroup[] {
  const left: ScoreGroup[] = [];
  let carried: ScoreGroup | undefined;
  groups.forEach((group, g) => {
    const whole = carried === undefined ? group : together(carried, group);
    carried = undefined;
    if (personsIn(whole) === 1 && g < groups.length - 1) carried = whole;
    else left.push(whole);
  });
  const [before, last] = left.slice(-2);
  if (before !== undefined && last !== undefined && personsIn(last) === 1)
    left.splice(-2, 2, together(before, last));
  return left;
}

/** Joins the sparsest category of a group to its sparser neighbour until none is too sparse. */
export function mergedCategories({ observed, expected }: ScoreGroup, least: number): ScoreGroup {
  const [seen, hoped] = [Array.from(observed), Array.from(expected)];
  while (hoped.length > 1 && Math.min(...hoped) < least) {
    const sparse = hoped.indexOf(Math.min(...hoped));
    const before = hoped[sparse - 1] ?? Number.POSITIVE_INFINITY;
    const after = hoped[sparse + 1] ?? Number.POSITIVE_INFINITY;
    const first = before <= after ? sparse - 1 : sparse;
    hoped.splice(first, 2, (hoped[first] ?? 0) + (hoped[first + 1] ?? 0));
    seen.splice(first, 2, (seen[first] ?? 0) + (seen[first + 1] ?? 0));
  }
  return { observed: Float64Array.from(seen), expected: Float64Array.from(hoped) };
}
