import { at } from '../bank.ts';
import { createKernelPoint, type KernelPoint } from './kernels/kernel.ts';
import { kernels, type Layout } from './layout.ts';
import type { Problem } from './marginal.ts';

/**
 * The cells that have scores ∂ ln P/∂parameter: every category of every item that is calibrated. If the normal density
 * of θ is estimated, it is one more "cell", which belongs to everybody: ∂ ln φ by mean and standard deviation.
 */
export interface ScoredCells {
  readonly cells: number;
  /** Number among these cells of each cell of the patterns; -1 of a fixed item's. */
  readonly numberOf: Int32Array;
  /** Entries of cell c: start[c] to start[c + 1]. */
  readonly start: Int32Array;
  /** Estimated parameter of each entry. */
  readonly parameter: Int32Array;
}

export function scoredCells({ patterns, layout, latent }: Problem): ScoredCells {
  const numberOf = new Int32Array(patterns.cells).fill(-1);
  const start = [0];
  const parameter: number[] = [];
  layout.items.forEach(({ fixed, categories }, item) => {
    if (fixed !== undefined) return;
    for (let k = 0; k < categories; k++) {
      numberOf[at(patterns.firstCell, item) + k] = start.length - 1;
      for (let v = at(layout.from, item); v < at(layout.from, item + 1); v++)
        if (at(layout.free, v) >= 0) parameter.push(at(layout.free, v));
      start.push(parameter.length);
    }
  });
  if (latent === 'normal') {
    parameter.push(at(layout.free, layout.mean), at(layout.free, layout.sd));
    start.push(parameter.length);
  }
  return {
    cells: start.length - 1,
    numberOf,
    start: Int32Array.from(start),
    parameter: Int32Array.from(parameter),
  };
}

/** @param score of each entry at each node, in place: [entries][width], width at least the number of nodes */
export function fillScores(
  { patterns, layout, latent }: Problem,
  { numberOf, start, parameter }: ScoredCells,
  theta: Float64Array,
  values: Float64Array,
  score: Float64Array,
  width: number,
): void {
  layout.items.forEach((_, item) => {
    const to = at(start, at(numberOf, at(patterns.firstCell, item))) * width;
    fillItem(layout, item, theta, values, score, to, width);
  });
  if (latent === 'normal') fillLatent(layout, theta, values, score, (parameter.length - 2) * width, width);
}

interface EstimatedItem {
  readonly categories: number;
  /** Its first value, and how many there are. */
  readonly from: number;
  readonly n: number;
  /** Where `evaluateAt` writes. */
  readonly point: KernelPoint;
  evaluateAt(theta: number): void;
}

/** undefined for a fixed item. */
function estimatedItem(layout: Layout, item: number, values: Float64Array): EstimatedItem | undefined {
  const plan = layout.items[item];
  if (plan === undefined || plan.fixed !== undefined) return undefined;
  const { model, categories } = plan;
  const from = at(layout.from, item);
  const n = at(layout.from, item + 1) - from;
  const point = createKernelPoint(categories, n);
  const evaluateAt = (theta: number) => kernels[model].evaluate(values, from, categories, theta, point);
  return { categories, from, n, point, evaluateAt };
}

function fillItem(
  layout: Layout,
  item: number,
  theta: Float64Array,
  values: Float64Array,
  score: Float64Array,
  to: number,
  width: number,
): void {
  const found = estimatedItem(layout, item, values);
  if (found === undefined) return;
  const { from, n, point, evaluateAt } = found;
  const estimated = Array.from(point.score.keys()).filter((e) => at(layout.free, from + (e % n)) >= 0);
  for (let q = 0; q < theta.length; q++) {
    evaluateAt(at(theta, q));
    estimated.forEach((e, entry) => {
      score[to + entry * width + q] = at(point.score, e);
    });
  }
}

/** ln φ = −(θ − μ)²/(2σ²) − ln σ. */
function fillLatent(
  { mean, sd }: Layout,
  theta: Float64Array,
  values: Float64Array,
  score: Float64Array,
  to: number,
  width: number,
): void {
  const spread = at(values, sd);
  for (let q = 0; q < theta.length; q++) {
    const u = (at(theta, q) - at(values, mean)) / spread;
    score[to + q] = u / spread;
    score[to + width + q] = (u * u - 1) / spread;
  }
}

/**
 * Adds Σ_q Σ_k r_kq ∂² ln P_k (and Σ_q n_q ∂² ln φ) to `sum` [parameters][parameters].
 * @param counts expected persons by cell and node
 * @param population expected persons by node
 */
export function addCurvatures(
  { patterns, layout, latent }: Problem,
  theta: Float64Array,
  values: Float64Array,
  counts: Float64Array,
  population: Float64Array,
  sum: Float64Array,
): void {
  layout.items.forEach((_, item) => {
    addItemCurvature(layout, item, theta, values, counts, at(patterns.firstCell, item) * theta.length, sum);
  });
  if (latent === 'normal') addLatentCurvature(layout, theta, values, population, sum);
}

function addItemCurvature(
  layout: Layout,
  item: number,
  theta: Float64Array,
  values: Float64Array,
  counts: Float64Array,
  first: number,
  sum: Float64Array,
): void {
  const found = estimatedItem(layout, item, values);
  if (found === undefined) return;
  const { categories, from, n, point, evaluateAt } = found;
  for (let q = 0; q < theta.length; q++) {
    evaluateAt(at(theta, q));
    for (let k = 0; k < categories; k++) {
      const persons = at(counts, first + k * theta.length + q);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          const [row, column] = [at(layout.free, from + i), at(layout.free, from + j)];
          if (row < 0 || column < 0) continue;
          const to = row * layout.parameters + column;
          sum[to] = at(sum, to) + persons * at(point.curvature, (k * n + i) * n + j);
        }
    }
  }
}

function addLatentCurvature(
  layout: Layout,
  theta: Float64Array,
  values: Float64Array,
  population: Float64Array,
  sum: Float64Array,
): void {
  const { free, mean, sd, parameters } = layout;
  const [m, s] = [at(free, mean), at(free, sd)];
  const variance = at(values, sd) ** 2;
  const add = (i: number, j: number, value: number): void => {
    sum[i * parameters + j] = at(sum, i * parameters + j) + value;
  };
  for (let q = 0; q < theta.length; q++) {
    const u = (at(theta, q) - at(values, mean)) / at(values, sd);
    const weight = at(population, q) / variance;
    add(m, m, -weight);
    add(m, s, -2 * u * weight);
    add(s, m, -2 * u * weight);
    add(s, s, (1 - 3 * u * u) * weight);
  }
}
