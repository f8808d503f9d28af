import { at } from '../bank.ts';
import { addCurvatures, type CellScores, cellScores } from './cell-scores.ts';
import type { Layout } from './layout.ts';
import type { Marginal, Problem } from './marginal.ts';
import { cellsOfRows, createPairCounts, type RowCells } from './pair-counts.ts';
import { createPriorTerms, type Priors, priorTerms } from './priors.ts';
import type { Patterns } from './responses.ts';

/** Slope and bend of the objective in its estimated parameters, at one point. */
export interface Observed {
  /** Log-likelihood + ln prior. */
  readonly objective: number;
  readonly gradient: Float64Array;
  /** −∂² objective, [parameters][parameters]. */
  readonly information: Float64Array;
}

/**
 * Observed information by Louis (1982): with s the score of a person's complete data (responses and θ),
 * −∂² ln L = −E ∂² ln p − (E s sᵀ − E s E sᵀ), expectations over θ given the responses, and ∂ ln L = E s.
 */
export function observe(problem: Problem, marginal: Marginal, values: Float64Array): Observed {
  const { patterns, layout, priors, latent } = problem;
  const n = layout.parameters;
  const { grid, counts, population } = marginal.expectation;
  const { theta } = grid;
  const gradient = new Float64Array(n);
  const hessian = new Float64Array(n * n);
  const scores = cellScores(problem, theta, values);
  const rows = cellsOfRows(patterns, scores.numberOf, latent === 'normal' ? scores.cells - 1 : -1);
  const posteriors = new Float64Array(patterns.rows * theta.length);
  const mean = new Float64Array(n);
  const parametersOfGroup = patterns.groupItems.map((items) => parametersOf(layout, items));
  const objective = marginal.evaluate(values, (row, group, posterior, lower, upper) => {
    const own = posterior.subarray(lower, upper);
    posteriors.set(own, row * theta.length + lower);
    expectScore(rows, scores, row, own, lower, theta.length, mean);
    addMean(patterns.counts[row] ?? 0, mean, parametersOfGroup[group] ?? [], gradient, hessian);
  });
  addSquares(patterns, rows, scores, posteriors, theta.length, n, hessian);
  addCurvatures(problem, theta, values, counts, population, hessian);
  addPriors(layout, priors, values, gradient, hessian);
  return { objective, gradient, information: hessian.map((value) => -value) };
}

/** The estimated parameters on which answers to these items depend, each once. */
function parametersOf({ free, from, mean, sd }: Layout, items: Int32Array): number[] {
  const found = new Set<number>();
  for (const item of items) for (let v = at(from, item); v < at(from, item + 1); v++) found.add(at(free, v));
  for (const v of [mean, sd]) if (at(free, v) >= 0) found.add(at(free, v));
  return [...found];
}

/** E s of a row, in place of `mean`. */
function expectScore(
  { cells, from }: RowCells,
  { start, parameter, score }: CellScores,
  row: number,
  posterior: Float64Array,
  lower: number,
  nodes: number,
  mean: Float64Array,
): void {
  mean.fill(0);
  for (let c = from[row] ?? 0; c < (from[row + 1] ?? 0); c++) {
    const cell = cells[c] ?? 0;
    for (let e = start[cell] ?? 0; e < (start[cell + 1] ?? 0); e++) {
      const first = e * nodes + lower;
      let sum = 0;
      for (let q = 0; q < posterior.length; q++) sum += (posterior[q] ?? 0) * (score[first + q] ?? 0);
      const p = parameter[e] ?? 0;
      mean[p] = (mean[p] ?? 0) + sum;
    }
  }
}

/** Adds count · E s to the gradient and −count · E s E sᵀ to the Hessian. */
function addMean(
  count: number,
  mean: Float64Array,
  touched: readonly number[],
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const n = gradient.length;
  for (const i of touched) {
    const value = count * (mean[i] ?? 0);
    gradient[i] = (gradient[i] ?? 0) + value;
    for (const j of touched) hessian[i * n + j] = (hessian[i * n + j] ?? 0) - value * (mean[j] ?? 0);
  }
}

/**
 * Adds Σ E s sᵀ to the Hessian: at each node it depends on persons only through how many have each pair of cells.
 */
function addSquares(
  patterns: Patterns,
  rows: RowCells,
  scores: CellScores,
  posteriors: Float64Array,
  nodes: number,
  n: number,
  hessian: Float64Array,
): void {
  const pairs = createPairCounts(patterns, rows, scores.cells);
  for (let q = 0; q < nodes; q++) addPairs(pairs.count(posteriors, q, nodes), scores, q, nodes, n, hessian);
}

function addPairs(
  pairs: Float64Array,
  { cells, start, parameter, score }: CellScores,
  q: number,
  nodes: number,
  n: number,
  hessian: Float64Array,
): void {
  for (let a = 0; a < cells; a++)
    for (let b = 0; b <= a; b++) {
      const persons = pairs[a * cells + b] ?? 0;
      if (persons === 0) continue;
      for (let e = start[a] ?? 0; e < (start[a + 1] ?? 0); e++) {
        const i = parameter[e] ?? 0;
        const weighted = persons * (score[e * nodes + q] ?? 0);
        for (let f = start[b] ?? 0; f < (start[b + 1] ?? 0); f++) {
          const j = parameter[f] ?? 0;
          const value = weighted * (score[f * nodes + q] ?? 0);
          hessian[i * n + j] = (hessian[i * n + j] ?? 0) + value;
          if (a !== b) hessian[j * n + i] = (hessian[j * n + i] ?? 0) + value;
        }
      }
    }
}

function addPriors(
  layout: Layout,
  priors: Priors,
  values: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const { parameters, free, from } = layout;
  layout.items.forEach((_, item) => {
    const first = at(from, item);
    const n = at(from, item + 1) - first;
    const terms = createPriorTerms(n);
    priorTerms(layout, priors, values, item, terms);
    for (let i = 0; i < n; i++) {
      const p = at(free, first + i);
      if (p < 0) continue;
      gradient[p] = at(gradient, p) + at(terms.gradient, i);
      for (let j = 0; j < n; j++) {
        const column = at(free, first + j);
        if (column < 0) continue;
        const to = p * parameters + column;
        hessian[to] = at(hessian, to) + at(terms.curvature, i * n + j);
      }
    }
  });
}
