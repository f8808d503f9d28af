import { at, createBank } from '../bank.ts';
import { createCurves, evaluate, logProbabilityOf } from '../models/curves.ts';
import { Posteriors } from '../tables/posteriors.ts';
import type { Grid } from './grid.ts';
import { type ItemPlan, kernels, type Layout } from './layout.ts';
import type { Patterns } from './responses.ts';

/**
 * Sees one row's posterior over the nodes, `posterior[q]` for q in [lower, upper), elsewhere negligible. It sums to 1.
 * The array is used again for the next row.
 */
export type VisitRow = (row: number, posterior: Float64Array, lower: number, upper: number) => void;

/** The E-step (Bock & Aitkin 1981) on one grid, with room for its tables. */
export interface Expectation {
  readonly grid: Grid;
  /** Expected persons by cell and node, of the last `run`: [cells][nodes]. */
  readonly counts: Float64Array;
  /** Expected persons by node [nodes]. */
  readonly population: Float64Array;
  /**
   * @param logWeights ln of the weights of θ at the nodes
   * @returns Σ over persons of ln ∫ P(responses | θ) dF(θ)
   */
  run(values: Float64Array, logWeights: Float64Array, visit?: VisitRow): number;
  /** Largest information over the nodes of an average row's items, at the values of the last `run`. */
  information(): number;
}

/**
 * Table: of category 0 ln P_0, of a higher one ln P_k − ln P_0. So a group of rows that answered the same items
 * starts from one sum, and a row adds only what it took above 0. Where that is k α θ + d (1PL, 2PL, GPCM), it adds
 * numbers first and nodes once.
 */
export function createExpectation(patterns: Patterns, layout: Layout, grid: Grid): Expectation {
  const nodes = grid.theta.length;
  const tabled = new Uint8Array(patterns.cells);
  layout.items.forEach((item, i) => {
    const linear = item.fixed === undefined && kernels[item.model].linear;
    if (!linear) tabled.fill(1, at(patterns.firstCell, i), at(patterns.firstCell, i + 1));
  });
  const rows = linearFirst(patterns, tabled);
  const zeros = patterns.groupItems.map((items) => items.map((item) => at(patterns.firstCell, item)));
  const posteriors = new Posteriors(grid.theta, patterns.cells, rows.taken);
  const { table, counts } = posteriors;
  const population = new Float64Array(nodes);
  layout.items.forEach((item, i) => {
    tabulateFixed(item, layout.D, grid.theta, table, at(patterns.firstCell, i) * nodes);
  });
  return {
    grid,
    counts,
    population,
    run(values, logWeights, visit) {
      tabulate(patterns, layout, values, grid.theta, posteriors);
      return sumOverRows(patterns, rows, zeros, posteriors, logWeights, population, visit);
    },
    information: () => largestInformation(patterns, grid, table),
  };
}

/** `taken` and `takenFrom` of the patterns, with the cells of each row that need the table after the others. */
interface TakenCells {
  readonly taken: Int32Array;
  readonly takenFrom: Int32Array;
  /** Where they begin in each row. */
  readonly tabledFrom: Int32Array;
}

/** @param tabled 1 of each cell that needs the table */
function linearFirst({ rows, taken, takenFrom }: Patterns, tabled: Uint8Array): TakenCells {
  const sorted = taken.slice();
  const tabledFrom = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let to = takenFrom[row] ?? 0;
    for (let wanted = 0; wanted < 2; wanted++) {
      if (wanted === 1) tabledFrom[row] = to;
      for (let t = takenFrom[row] ?? 0; t < (takenFrom[row + 1] ?? 0); t++)
        if (tabled[taken[t] ?? 0] === wanted) sorted[to++] = taken[t] ?? 0;
    }
  }
  return { taken: sorted, takenFrom, tabledFrom };
}

function tabulateFixed(
  item: ItemPlan,
  D: number,
  theta: Float64Array,
  table: Float64Array,
  to: number,
): void {
  if (item.fixed === undefined) return;
  const bank = createBank([item.fixed], { D });
  const curves = createCurves();
  const nodes = theta.length;
  for (let q = 0; q < nodes; q++) {
    evaluate(bank, 0, at(theta, q), curves);
    const wrong = logProbabilityOf(curves, 0);
    table[to + q] = wrong;
    for (let k = 1; k < item.categories; k++) table[to + k * nodes + q] = logProbabilityOf(curves, k) - wrong;
  }
}

function tabulate(
  { firstCell }: Patterns,
  layout: Layout,
  values: Float64Array,
  theta: Float64Array,
  { table, lines }: Posteriors,
): void {
  const nodes = theta.length;
  layout.items.forEach((item, i) => {
    if (item.fixed !== undefined) return;
    const { categories } = item;
    const kernel = kernels[item.model];
    const from = at(layout.from, i);
    const cell = at(firstCell, i);
    const first = cell * nodes;
    kernel.logProbabilities(values, from, categories, theta, table, first);
    for (let k = 1, intercept = 0; k < categories; k++) {
      intercept += values[from + k] ?? 0;
      lines[2 * (cell + k)] = k * (values[from] ?? 0);
      lines[2 * (cell + k) + 1] = intercept;
      const row = first + k * nodes;
      for (let q = 0; q < nodes; q++) table[row + q] = (table[row + q] ?? 0) - (table[first + q] ?? 0);
    }
  });
}

/** @param zeros cells of category 0 of the items that each group answered */
function sumOverRows(
  patterns: Patterns,
  { takenFrom, tabledFrom }: TakenCells,
  zeros: readonly Int32Array[],
  posteriors: Posteriors,
  logWeights: Float64Array,
  population: Float64Array,
  visit: VisitRow | undefined,
): number {
  const { groupFrom, counts: persons } = patterns;
  const { counts, posterior, range, group: groupPersons } = posteriors;
  const nodes = population.length;
  counts.fill(0);
  population.fill(0);
  let logLikelihood = 0;
  zeros.forEach((shared, group) => {
    posteriors.beginGroup(logWeights, shared);
    for (let row = groupFrom[group] ?? 0; row < (groupFrom[group + 1] ?? 0); row++) {
      const [from, tabled, to] = [takenFrom[row] ?? 0, tabledFrom[row] ?? 0, takenFrom[row + 1] ?? 0];
      logLikelihood += posteriors.add(from, tabled, to, persons[row] ?? 0);
      visit?.(row, posterior, range[0] ?? 0, range[1] ?? 0);
    }
    posteriors.endGroup();
    for (let q = 0; q < nodes; q++) population[q] = (population[q] ?? 0) + (groupPersons[q] ?? 0);
  });
  leaveOutHigher(patterns, counts, nodes);
  return logLikelihood;
}

/** Category 0 of each item so far holds everybody who answered it. */
function leaveOutHigher({ firstCell, items }: Patterns, counts: Float64Array, nodes: number): void {
  for (let item = 0; item < items; item++) {
    const zero = at(firstCell, item);
    for (let cell = zero + 1; cell < at(firstCell, item + 1); cell++)
      for (let q = 0; q < nodes; q++)
        counts[zero * nodes + q] = (counts[zero * nodes + q] ?? 0) - (counts[cell * nodes + q] ?? 0);
  }
}

/** I = Σ P (d ln P/dθ)² by central differences of the table, scaled to the number of items that rows answered. */
function largestInformation(patterns: Patterns, { theta, spacing }: Grid, table: Float64Array): number {
  const { firstCell, items, persons, counts, groupFrom, groupItems } = patterns;
  const nodes = theta.length;
  let answers = 0;
  groupItems.forEach((answered, group) => {
    for (let row = at(groupFrom, group); row < at(groupFrom, group + 1); row++)
      answers += answered.length * at(counts, row);
  });
  let largest = 0;
  for (let q = 1; q < nodes - 1; q++) {
    let information = 0;
    for (let item = 0; item < items; item++) {
      const first = at(firstCell, item) * nodes + q;
      const logWrong = at(table, first);
      const change = at(table, first + 1) - at(table, first - 1);
      for (let cell = at(firstCell, item); cell < at(firstCell, item + 1); cell++) {
        const zero = cell === at(firstCell, item);
        const higher = cell * nodes + q;
        const log = zero ? logWrong : logWrong + at(table, higher);
        const slope = zero ? change : change + at(table, higher + 1) - at(table, higher - 1);
        information += Math.exp(log) * (slope / (2 * spacing)) ** 2;
      }
    }
    largest = Math.max(largest, information);
  }
  return (largest * answers) / (persons * items);
}
