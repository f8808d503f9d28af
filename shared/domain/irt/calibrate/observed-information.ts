import { at } from '../bank.ts';
import { ScoreSums } from '../tables/score-sums.ts';
import { addCurvatures, fillScores, type ScoredCells, scoredCells } from './cell-scores.ts';
import type { Layout } from './layout.ts';
import type { Marginal, Problem } from './marginal.ts';
import { cellsOfRows, createPairCounts, type PairCounts, type RowCells } from './pair-counts.ts';
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
 *
 * @returns what finds it at any values
 * @throws RangeError for rows, nodes or pairs of cells that need more than 4 GiB
 */
export function createObserver(problem: Problem, marginal: Marginal): (values: Float64Array) => Observed {
  const { patterns, layout, priors, latent } = problem;
  const n = layout.parameters;
  const { grid, counts, population } = marginal.expectation;
  const { theta } = grid;
  const scored = scoredCells(problem);
  const rows = cellsOfRows(patterns, scored.numberOf, latent === 'normal' ? scored.cells - 1 : -1);
  const pairCounts = createPairCounts(patterns, rows, scored.cells);
  const touched = patterns.groupItems.map((items) => parametersOf(layout, items));
  const most = touched.reduce((length, parameters) => Math.max(length, parameters.length), 0);
  const sums = new ScoreSums(patterns.rows, theta.length, rows.cells, scored, n, most);
  const { posteriors, score, width } = sums;
  const range = new Int32Array(2 * patterns.rows);
  return (values) => {
    const gradient = new Float64Array(n);
    const hessian = new Float64Array(n * n);
    fillScores(problem, scored, theta, values, score, width);
    posteriors.fill(0);
    const objective = marginal.evaluate(values, (row, posterior, lower, upper) => {
      posteriors.set(posterior.subarray(lower, upper), row * width + lower);
      range[2 * row] = lower;
      range[2 * row + 1] = upper;
    });
    addMeans(patterns, rows, sums, range, touched, gradient, hessian);
    addSquares(pairCounts, scored, sums, n, hessian);
    addCurvatures(problem, theta, values, counts, population, hessian);
    addPriors(layout, priors, values, gradient, hessian);
    return { objective, gradient, information: hessian.map((value) => -value) };
  };
}

/** The estimated parameters on which answers to these items depend, each once. */
function parametersOf({ free, from, mean, sd }: Layout, items: Int32Array): Int32Array {
  const found = new Set<number>();
  for (const item of items) for (let v = at(from, item); v < at(from, item + 1); v++) found.add(at(free, v));
  for (const v of [mean, sd]) found.add(at(free, v));
  found.delete(-1);
  return Int32Array.from(found);
}

/**
 * Adds count · E s of each row to the gradient and −count · E s E sᵀ to the Hessian.
 * @param range nodes where each row's posterior counts, the first one and the one after the last: [rows][2]
 * @param touched parameters of each group's scores
 */
function addMeans(
  { groupFrom, counts }: Patterns,
  { from }: RowCells,
  sums: ScoreSums,
  range: Int32Array,
  touched: readonly Int32Array[],
  gradient: Float64Array,
  hessian: Float64Array,
): void {
  const { mean } = sums;
  touched.forEach((parameters, group) => {
    for (let row = groupFrom[group] ?? 0; row < (groupFrom[group + 1] ?? 0); row++) {
      const count = counts[row] ?? 0;
      sums.expect(row, from[row] ?? 0, from[row + 1] ?? 0, range[2 * row] ?? 0, range[2 * row + 1] ?? 0);
      sums.addSquare(parameters, count);
      for (let i = 0; i < parameters.length; i++) {
        const p = parameters[i] ?? 0;
        gradient[p] = (gradient[p] ?? 0) + count * (mean[p] ?? 0);
      }
    }
    sums.subtractSquares(parameters, hessian);
  });
}

/**
 * Adds Σ E s sᵀ to the Hessian: at each node it depends on persons only through how many have each pair of cells.
 */
function addSquares(
  pairs: PairCounts,
  scored: ScoredCells,
  { posteriors, score, width }: ScoreSums,
  n: number,
  hessian: Float64Array,
): void {
  const half = new Float64Array(n * n);
  for (let q = 0; q < width; q += 2)
    addPairs(pairs.count(posteriors, q, width), scored, score, q, width, n, half);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      hessian[i * n + j] = at(hessian, i * n + j) + at(half, i * n + j) + at(half, j * n + i);
}

/** Adds half of what cells have with themselves, and what they have with those before them, at two nodes. */
function addPairs(
  pairs: Float64Array,
  { cells, start, parameter }: ScoredCells,
  score: Float64Array,
  q: number,
  width: number,
  n: number,
  half: Float64Array,
): void {
  for (let a = 0; a < cells; a++)
    for (let b = 0; b <= a; b++) {
      const share = a === b ? 0.5 : 1;
      const here = share * (pairs[2 * (a * cells + b)] ?? 0);
      const next = share * (pairs[2 * (a * cells + b) + 1] ?? 0);
      if (here === 0 && next === 0) continue;
      for (let e = start[a] ?? 0; e < (start[a + 1] ?? 0); e++) {
        const line = (parameter[e] ?? 0) * n;
        const weightedHere = here * (score[e * width + q] ?? 0);
        const weightedNext = next * (score[e * width + q + 1] ?? 0);
        for (let f = start[b] ?? 0; f < (start[b + 1] ?? 0); f++) {
          const to = line + (parameter[f] ?? 0);
          const value =
            weightedHere * (score[f * width + q] ?? 0) + weightedNext * (score[f * width + q + 1] ?? 0);
          half[to] = (half[to] ?? 0) + value;
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
