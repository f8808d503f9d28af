import { at, type Bank } from '../bank.ts';
import { createCurves, evaluate, informationOf, logProbabilityOf } from '../models/curves.ts';
import { RowTable } from '../tables/row-table.ts';
import type { NormalPrior, QuadratureOptions } from './options.ts';

/** Most nodes of a quadrature. */
export const MOST_NODES = 1001;

/** Equally spaced nodes and the trapezoid rule's weights: the step, halved at both ends. */
export interface Grid {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The trapezoid rule on `nodes` equally spaced points of [lower, upper]; 41 on [−5, 5] by default.
 * @throws RangeError for fewer than 2 or more than 1001 nodes, or bounds that are not finite and rising
 */
export function createGrid({ nodes: count = 41, lower = -5, upper = 5 }: QuadratureOptions = {}): Grid {
  if (!Number.isInteger(count) || count < 2 || count > MOST_NODES)
    throw new RangeError(`a quadrature has 2 to ${MOST_NODES} nodes, not ${count}`);
  if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower < upper))
    throw new RangeError(`a quadrature's bounds must be finite and rising, not [${lower}, ${upper}]`);
  const step = (upper - lower) / (count - 1);
  const nodes = Float64Array.from({ length: count }, (_, q) =>
    q === count - 1 ? upper : lower + (q * (upper - lower)) / (count - 1),
  );
  const weights = new Float64Array(count).fill(step);
  weights[0] = step / 2;
  weights[count - 1] = step / 2;
  return { nodes, weights };
}

/** Density of N(mean, sd²) at the nodes. */
export function normalDensity(nodes: Float64Array, { mean, sd }: NormalPrior): Float64Array {
  return nodes.map((theta) => Math.exp(-0.5 * ((theta - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI)));
}

/** A bank's curves at the nodes of a grid. */
export interface ItemTable {
  readonly bank: Bank;
  readonly grid: Grid;
  /** P of every category of every item. */
  readonly probability: RowTable;
  /** ln P of the same; computed when first asked for. */
  readonly logProbability: RowTable;
  /** I of every item, one row each; computed when first asked for. */
  readonly information: RowTable;
  /** φ at the nodes; that of the last prior is kept. */
  density(prior: NormalPrior): Float64Array;
}

/** Tables kept with one bank. */
const MOST_TABLES = 4;

const tables = new WeakMap<Bank, Map<string, ItemTable>>();

/** The bank on a grid; kept with the bank, so that a second call costs nothing. */
export function tabulate(bank: Bank, options: QuadratureOptions = {}): ItemTable {
  const { nodes = 41, lower = -5, upper = 5 } = options;
  const key = `${nodes} ${lower} ${upper}`;
  const known = tables.get(bank) ?? new Map<string, ItemTable>();
  tables.set(bank, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const table = createTable(bank, createGrid(options));
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= MOST_TABLES) known.delete(oldest);
  known.set(key, table);
  return table;
}

function createTable(bank: Bank, grid: Grid): ItemTable {
  const count = grid.nodes.length;
  const probability = new RowTable(bank.rows, count);
  const { values } = probability;
  eachPoint(bank, grid, (item, q, curves) => {
    const start = at(bank.rows, item) * count + q;
    for (let k = 0; k < curves.categories; k++) values[start + k * count] = at(curves.p, k);
  });
  let logProbability: RowTable | undefined;
  let information: RowTable | undefined;
  let known: { readonly prior: NormalPrior; readonly density: Float64Array } | undefined;
  return {
    bank,
    grid,
    probability,
    get logProbability() {
      logProbability ??= logarithms(bank, grid);
      return logProbability;
    },
    get information() {
      information ??= informations(bank, grid);
      return information;
    },
    density(prior) {
      if (known?.prior.mean !== prior.mean || known.prior.sd !== prior.sd)
        known = { prior, density: normalDensity(grid.nodes, prior) };
      return known.density;
    },
  };
}

function logarithms(bank: Bank, grid: Grid): RowTable {
  const count = grid.nodes.length;
  const table = new RowTable(bank.rows, count);
  eachPoint(bank, grid, (item, q, curves) => {
    const start = at(bank.rows, item) * count + q;
    for (let k = 0; k < curves.categories; k++) table.values[start + k * count] = logProbabilityOf(curves, k);
  });
  return table;
}

function informations(bank: Bank, grid: Grid): RowTable {
  const count = grid.nodes.length;
  const table = new RowTable(
    Int32Array.from({ length: bank.size + 1 }, (_, item) => item),
    count,
  );
  eachPoint(bank, grid, (item, q, curves) => {
    table.values[item * count + q] = informationOf(curves);
  });
  return table;
}

function eachPoint(
  bank: Bank,
  { nodes }: Grid,
  visit: (item: number, node: number, curves: ReturnType<typeof createCurves>) => void,
): void {
  const curves = createCurves();
  for (let item = 0; item < bank.size; item++) {
    for (let q = 0; q < nodes.length; q++) {
      evaluate(bank, item, at(nodes, q), curves);
      visit(item, q, curves);
    }
  }
}
