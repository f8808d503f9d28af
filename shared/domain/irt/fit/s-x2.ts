import { at, type Bank, LOGISTIC } from '../bank.ts';
import { type Responses, UNANSWERED } from '../calibrate/responses.ts';
import { chiSquareUpper } from './distributions.ts';
import { eachRestDistribution, type ThetaDistribution, weightedTable } from './score-distribution.ts';

export interface ItemFit {
  readonly item: number;
  readonly statistic: number;
  /** 0 or less: too few score groups are left for a test; then `p` is NaN. */
  readonly df: number;
  readonly p: number;
}

export interface ItemFitOptions extends ThetaDistribution {
  /** Estimated parameters of each item; by default all of its model (of 1PL and PCM without the slope). */
  readonly parameters?: ArrayLike<number>;
  /** Least expected persons in a cell; 1 by default. */
  readonly min_expected?: number;
}

/** One score group of an item: observed and expected persons in each category. */
interface ScoreGroup {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
}

/**
 * S-X² of Orlando & Thissen (2000), for polytomous items as Kang & Chen (2008): persons are grouped by sum score, and
 * in each group the shares of an item's categories are compared with
 * ∫ P_ik(θ) f(score − k | θ, other items) dF / ∫ f(score | θ) dF. χ² with (cells − groups − parameters) degrees.
 * Groups are merged until every expected count reaches `min_expected`: for dichotomous items as mirt does (a group
 * of one person with the next, a sparse group with its neighbour of fewer persons), for polytomous ones
 * neighbouring categories within a group.
 *
 * Only persons who answered every item of the bank count.
 *
 * @throws RangeError for responses that do not belong to the bank
 */
export function itemFitSX2(bank: Bank, responses: Responses, options: ItemFitOptions = {}): ItemFit[] {
  checkResponses(bank, responses);
  const { min_expected = 1 } = options;
  const { table, weights } = weightedTable(bank, options);
  const { nodes } = table.grid;
  const observed = observedTables(bank, responses);
  const fits: ItemFit[] = [];
  eachRestDistribution(table, (item, rest) => {
    const categories = at(bank.categories, item);
    const groups = observed[item] ?? [];
    const highest = groups.length - 1;
    const filled: ScoreGroup[] = [];
    // the lowest and the highest score say nothing: there the item's category is known
    for (let score = 1; score < highest; score++) {
      const seen = groups[score] ?? new Float64Array(0);
      const persons = seen.reduce((sum, n) => sum + n, 0);
      if (persons === 0) continue;
      const shares = new Float64Array(categories);
      for (let k = 0; k < categories; k++) {
        const row = (at(bank.rows, item) + k) * nodes.length;
        const others = rest[score - k];
        if (others === undefined) continue;
        for (let q = 0; q < nodes.length; q++)
          shares[k] = at(shares, k) + at(weights, q) * at(others, q) * at(table.probability, row + q);
      }
      const total = shares.reduce((sum, share) => sum + share, 0);
      filled.push({ observed: seen, expected: shares.map((share) => (persons * share) / total) });
    }
    const merged =
      bank.family[item] === LOGISTIC
        ? mergedGroups(filled, min_expected)
        : filled.map((group) => mergedCategories(group, min_expected));
    const parameters =
      options.parameters === undefined ? parameterCount(bank, item) : at(options.parameters, item);
    fits.push(testOf(item, merged, parameters));
  });
  return fits.sort((one, other) => one.item - other.item);
}

export function checkResponses(bank: Bank, { rows, items, data }: Responses): void {
  if (items !== bank.size)
    throw new RangeError(`${items} responses a row do not belong to a bank of ${bank.size}`);
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < items; i++)
      if (at(data, r * items + i) >= at(bank.categories, i))
        throw new RangeError(`row ${r}, item ${i}: ${at(data, r * items + i)} is none of its categories`);
}

export function parameterCount(bank: Bank, item: number): number {
  switch (bank.models[item]) {
    case '1PL':
      return 1;
    case '2PL':
      return 2;
    case '3PL':
      return 3;
    case '4PL':
      return 4;
    case 'PCM':
      return at(bank.categories, item) - 1;
    default:
      return at(bank.categories, item);
  }
}

/** Persons by item, sum score and category. */
function observedTables(bank: Bank, { rows, items, data, counts }: Responses): Float64Array[][] {
  const highest = bank.categories.reduce((sum, categories) => sum + categories - 1, 0);
  const tables = Array.from(bank.categories, (categories) =>
    Array.from({ length: highest + 1 }, () => new Float64Array(categories)),
  );
  for (let r = 0; r < rows; r++) {
    const row = data.subarray(r * items, (r + 1) * items);
    if (row.includes(UNANSWERED)) continue;
    const score = row.reduce((sum, k) => sum + k, 0);
    tables.forEach((table, item) => {
      const group = table[score] ?? new Float64Array(0);
      group[at(row, item)] = at(group, at(row, item)) + at(counts, r);
    });
  }
  return tables;
}

const personsIn = ({ observed }: ScoreGroup): number => observed.reduce((sum, n) => sum + n, 0);

const together = (one: ScoreGroup, other: ScoreGroup): ScoreGroup => ({
  observed: one.observed.map((n, k) => n + at(other.observed, k)),
  expected: one.expected.map((n, k) => n + at(other.expected, k)),
});

function mergedGroups(groups: readonly ScoreGroup[], least: number): ScoreGroup[] {
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

/** Joins the sparsest category to its sparser neighbour until none is too sparse. */
function mergedCategories({ observed, expected }: ScoreGroup, least: number): ScoreGroup {
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

function testOf(item: number, groups: readonly ScoreGroup[], parameters: number): ItemFit {
  let [statistic, cells] = [0, 0];
  for (const { observed, expected } of groups) {
    expected.forEach((n, k) => {
      if (n === 0) return;
      statistic += (at(observed, k) - n) ** 2 / n;
      cells++;
    });
  }
  const df = cells - groups.length - parameters;
  return { item, statistic, df, p: df > 0 ? chiSquareUpper(statistic, df) : Number.NaN };
}
