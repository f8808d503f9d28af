import { at, type Bank, LOGISTIC } from '../bank.ts';
import { type Responses, UNANSWERED } from '../calibrate/responses.ts';
import { chiSquareUpper } from './distributions.ts';
import { eachRestDistribution, type ThetaDistribution, weightedTable } from './score-distribution.ts';
import { mergedCategories, mergedGroups, type ScoreGroup } from './score-groups.ts';

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
          shares[k] = at(shares, k) + at(weights, q) * at(others, q) * at(table.probability.values, row + q);
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
