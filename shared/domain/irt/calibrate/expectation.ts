import { at, createBank } from '../bank.ts';
import { createCurves, evaluate, logProbabilityOf } from '../models/curves.ts';
import type { Grid } from './grid.ts';
import { type ItemPlan, kernels, type Layout } from './layout.ts';
import type { Patterns } from './responses.ts';

/**
 * Sees one row's posterior over the nodes, `posterior[q]` for q in [lower, upper), elsewhere negligible. It sums to 1.
 * The array is used again for the next row.
 */
export type VisitRow = (
  row: number,
  group: number,
  posterior: Float64Array,
  lower: number,
  upper: number,
) => void;

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

/** Smaller posteriors than e^−37 = 1e-16 of the largest do not count. */
const NEGLIGIBLE = 37;

/**
 * Table: of category 0 ln P_0, of a higher one ln P_k − ln P_0. So a group of rows that answered the same items
 * starts from one sum, and a row adds only what it took above 0. Where that is k α θ + d (1PL, 2PL, GPCM), it adds
 * numbers first and nodes once.
 */
export function createExpectation(patterns: Patterns, layout: Layout, grid: Grid): Expectation {
  const nodes = grid.theta.length;
  const table = new Float64Array(patterns.cells * nodes);
  const counts = new Float64Array(patterns.cells * nodes);
  const population = new Float64Array(nodes);
  const room: Room = {
    slopes: new Float64Array(patterns.cells),
    intercepts: new Float64Array(patterns.cells),
    tabled: new Uint8Array(patterns.cells),
    base: new Float64Array(nodes),
    posterior: new Float64Array(nodes),
    groupPersons: new Float64Array(nodes),
  };
  layout.items.forEach((item, i) => {
    const first = at(patterns.firstCell, i);
    const linear = item.fixed === undefined && kernels[item.model].linear;
    if (!linear) room.tabled.fill(1, first, at(patterns.firstCell, i + 1));
    if (item.fixed !== undefined) tabulateFixed(item, layout.D, grid.theta, table, first * nodes);
  });
  return {
    grid,
    counts,
    population,
    run(values, logWeights, visit) {
      tabulate(patterns, layout, values, grid.theta, table, room);
      return sumOverRows(patterns, grid.theta, table, room, logWeights, counts, population, visit);
    },
    information: () => largestInformation(patterns, grid, table),
  };
}

interface Room {
  /** Of cells of linear kernels: ln P_k − ln P_0 = slope θ + intercept. */
  readonly slopes: Float64Array;
  readonly intercepts: Float64Array;
  /** 1 where the table is needed. */
  readonly tabled: Uint8Array;
  readonly base: Float64Array;
  readonly posterior: Float64Array;
  readonly groupPersons: Float64Array;
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
  table: Float64Array,
  { slopes, intercepts }: Room,
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
      slopes[cell + k] = k * (values[from] ?? 0);
      intercepts[cell + k] = intercept;
      const row = first + k * nodes;
      for (let q = 0; q < nodes; q++) table[row + q] = (table[row + q] ?? 0) - (table[first + q] ?? 0);
    }
  });
}

function sumOverRows(
  patterns: Patterns,
  theta: Float64Array,
  table: Float64Array,
  room: Room,
  logWeights: Float64Array,
  counts: Float64Array,
  population: Float64Array,
  visit: VisitRow | undefined,
): number {
  const { groupFrom, groupItems, firstCell } = patterns;
  const { base, groupPersons } = room;
  const nodes = theta.length;
  counts.fill(0);
  population.fill(0);
  let logLikelihood = 0;
  groupItems.forEach((answered, group) => {
    base.set(logWeights);
    for (const item of answered) addRow(base, table, (firstCell[item] ?? 0) * nodes, nodes);
    groupPersons.fill(0);
    for (let row = groupFrom[group] ?? 0; row < (groupFrom[group + 1] ?? 0); row++)
      logLikelihood += addPerson(patterns, theta, table, room, counts, row, group, visit);
    for (const item of answered) {
      const first = (firstCell[item] ?? 0) * nodes;
      for (let q = 0; q < nodes; q++) counts[first + q] = (counts[first + q] ?? 0) + (groupPersons[q] ?? 0);
    }
    for (let q = 0; q < nodes; q++) population[q] = (population[q] ?? 0) + (groupPersons[q] ?? 0);
  });
  leaveOutHigher(patterns, counts, nodes);
  return logLikelihood;
}

function addRow(sum: Float64Array, table: Float64Array, from: number, nodes: number): void {
  for (let q = 0; q < nodes; q++) sum[q] = (sum[q] ?? 0) + (table[from + q] ?? 0);
}

/** One row's posterior, added to the counts; returns its part of the log-likelihood. */
function addPerson(
  { taken, takenFrom, counts: persons }: Patterns,
  theta: Float64Array,
  table: Float64Array,
  { slopes, intercepts, tabled, base, posterior, groupPersons }: Room,
  counts: Float64Array,
  row: number,
  group: number,
  visit: VisitRow | undefined,
): number {
  const nodes = theta.length;
  const begin = takenFrom[row] ?? 0;
  const end = takenFrom[row + 1] ?? 0;
  let slope = 0;
  let intercept = 0;
  for (let t = begin; t < end; t++) {
    const cell = taken[t] ?? 0;
    if ((tabled[cell] ?? 0) === 0) {
      slope += slopes[cell] ?? 0;
      intercept += intercepts[cell] ?? 0;
    }
  }
  for (let q = 0; q < nodes; q++) posterior[q] = (base[q] ?? 0) + slope * (theta[q] ?? 0);
  for (let t = begin; t < end; t++) {
    const cell = taken[t] ?? 0;
    if ((tabled[cell] ?? 0) === 1) addRow(posterior, table, cell * nodes, nodes);
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (let q = 0; q < nodes; q++) {
    const value = posterior[q] ?? 0;
    if (value > highest) highest = value;
  }
  const least = highest - NEGLIGIBLE;
  let lower = 0;
  while ((posterior[lower] ?? 0) < least) lower++;
  let upper = nodes;
  while ((posterior[upper - 1] ?? 0) < least) upper--;
  let total = 0;
  for (let q = lower; q < upper; q++) {
    const value = Math.exp((posterior[q] ?? 0) - highest);
    posterior[q] = value;
    total += value;
  }
  const count = persons[row] ?? 0;
  const share = 1 / total;
  for (let q = lower; q < upper; q++) posterior[q] = (posterior[q] ?? 0) * share;
  visit?.(row, group, posterior, lower, upper);
  for (let q = lower; q < upper; q++) {
    const value = (posterior[q] ?? 0) * count;
    posterior[q] = value;
    groupPersons[q] = (groupPersons[q] ?? 0) + value;
  }
  for (let t = begin; t < end; t++) {
    const to = (taken[t] ?? 0) * nodes;
    for (let q = lower; q < upper; q++) counts[to + q] = (counts[to + q] ?? 0) + (posterior[q] ?? 0);
  }
  return count * (highest + intercept + Math.log(total));
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
