import { at, type Bank } from '../bank.ts';
import { type ItemTable, tabulate } from '../estimate/grid.ts';

/** The likelihood of each sum score at each node, [scores][nodes]. */
export type ScoreLikelihoods = readonly Float64Array[];

/** The recursion of Lord & Wingersky (1984): the distribution of a sum, one item after another. */
function withItem(
  { bank, grid, probability: { values } }: ItemTable,
  scores: ScoreLikelihoods,
  item: number,
): ScoreLikelihoods {
  const nodes = grid.nodes.length;
  const categories = at(bank.categories, item);
  const grown = Array.from({ length: scores.length + categories - 1 }, () => new Float64Array(nodes));
  scores.forEach((likelihood, score) => {
    for (let k = 0; k < categories; k++) {
      const row = (at(bank.rows, item) + k) * nodes;
      const target = grown[score + k] ?? new Float64Array(0);
      for (let q = 0; q < nodes; q++)
        target[q] = (target[q] ?? 0) + (likelihood[q] ?? 0) * (values[row + q] ?? 0);
    }
  });
  return grown;
}

/**
 * Calls `visit` with the score distribution of the whole test but one item, for each item of the bank. By halves: what
 * both halves' items share is done once, so that it costs n² ln n and not n³; nothing is divided out.
 */
export function eachRestDistribution(
  table: ItemTable,
  visit: (item: number, rest: ScoreLikelihoods) => void,
): void {
  const nodes = table.grid.nodes.length;
  const descend = (from: number, to: number, outside: ScoreLikelihoods): void => {
    if (to - from === 1) {
      visit(from, outside);
      return;
    }
    const middle = (from + to) >> 1;
    const withRange = (first: number, end: number): ScoreLikelihoods => {
      let scores = outside;
      for (let item = first; item < end; item++) scores = withItem(table, scores, item);
      return scores;
    };
    descend(from, middle, withRange(middle, to));
    descend(middle, to, withRange(from, middle));
  };
  descend(0, table.bank.size, [new Float64Array(nodes).fill(1)]);
}

/** A distribution of θ for expected frequencies. */
export interface ThetaDistribution {
  readonly mean?: number;
  readonly sd?: number;
}

/** A bank on 61 nodes of ±6 standard deviations, with the weights of N(mean, sd²), which sum to 1. */
export function weightedTable(
  bank: Bank,
  { mean = 0, sd = 1 }: ThetaDistribution,
): { table: ItemTable; weights: Float64Array } {
  if (!(sd > 0 && Number.isFinite(sd) && Number.isFinite(mean)))
    throw new RangeError(`θ cannot have mean ${mean} and standard deviation ${sd}`);
  const table = tabulate(bank, { nodes: 61, lower: mean - 6 * sd, upper: mean + 6 * sd });
  const density = table.grid.nodes.map((theta) => Math.exp(-0.5 * ((theta - mean) / sd) ** 2));
  const total = density.reduce((sum, value) => sum + value, 0);
  return { table, weights: density.map((value) => value / total) };
}
