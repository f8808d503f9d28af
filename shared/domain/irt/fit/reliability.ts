import { at, type Bank } from '../bank.ts';
import { type Responses, UNANSWERED } from '../calibrate/responses.ts';
import { createCurves, evaluate, informationOf } from '../models/curves.ts';
import { type ThetaDistribution, weightedTable } from './score-distribution.ts';

/**
 * Reliability of θ estimated from the whole bank by persons with θ ~ N(mean, sd²): ∫ I/(I + 1/sd²) dF (Green, Bock,
 * Humphreys, Linn & Reckase 1984).
 */
export function marginalReliability(bank: Bank, distribution: ThetaDistribution = {}): number {
  const { sd = 1 } = distribution;
  const { table, weights } = weightedTable(bank, distribution);
  const curves = createCurves();
  let sum = 0;
  table.grid.nodes.forEach((theta, q) => {
    let information = 0;
    for (let item = 0; item < bank.size; item++) {
      evaluate(bank, item, theta, curves);
      information += informationOf(curves);
    }
    sum += (at(weights, q) * information) / (information + 1 / (sd * sd));
  });
  return sum;
}

/**
 * Reliability of estimates by their spread: Var θ̂/(Var θ̂ + mean SE²), for EAP estimates with posterior standard
 * deviations.
 * @param counts persons per estimate, by default 1
 * @throws RangeError for fewer than two persons
 */
export function empiricalReliability(
  estimates: readonly { readonly theta: number; readonly se: number }[],
  counts?: ArrayLike<number>,
): number {
  const count = (i: number): number => counts?.[i] ?? 1;
  let [n, sum, squaredErrors, squares] = [0, 0, 0, 0];
  estimates.forEach(({ theta, se }, i) => {
    n += count(i);
    sum += count(i) * theta;
    squaredErrors += count(i) * se * se;
  });
  if (!(n >= 2)) throw new RangeError('reliability needs at least two persons');
  estimates.forEach(({ theta }, i) => {
    squares += count(i) * (theta - sum / n) ** 2;
  });
  const variance = squares / (n - 1);
  return variance / (variance + squaredErrors / n);
}

/** One item in classical test theory. */
export interface ClassicalItem {
  readonly mean: number;
  readonly sd: number;
  /** Correlations with the total score, and with the total of the other items. */
  readonly total_r: number;
  readonly rest_r: number;
  /** Cronbach's α of the other items; NaN for fewer than two. */
  readonly alpha_if_removed: number;
}

export interface ClassicalStatistics {
  readonly persons: number;
  /** Of the total score. */
  readonly mean: number;
  readonly sd: number;
  /** Cronbach's α. */
  readonly alpha: number;
  readonly items: readonly ClassicalItem[];
}

/**
 * Item analysis of classical test theory over the persons who answered every item; standard deviations are the
 * sample's (n − 1).
 * @throws RangeError for fewer than two such persons, or fewer than two items
 */
export function classicalStatistics(responses: Responses): ClassicalStatistics {
  const { items } = responses;
  const { persons, means, covariance } = momentsOf(responses);
  if (!(persons >= 2)) throw new RangeError('item analysis needs two persons who answered every item');
  if (items < 2) throw new RangeError('item analysis needs two items');
  const cov = (i: number, j: number): number => at(covariance, i * items + j);
  const all = Array.from({ length: items }, (_, i) => i);
  const withTotal = all.map((i) => all.reduce((sum, j) => sum + cov(i, j), 0));
  const total = withTotal.reduce((sum, value) => sum + value, 0);
  const own = all.reduce((sum, i) => sum + cov(i, i), 0);
  const alpha = (k: number, inner: number, whole: number): number => (k / (k - 1)) * (1 - inner / whole);
  return {
    persons,
    mean: means.reduce((sum, mean) => sum + mean, 0),
    sd: Math.sqrt(total),
    alpha: alpha(items, own, total),
    items: all.map((i) => {
      const variance = cov(i, i);
      const shared = at(withTotal, i);
      const rest = total - 2 * shared + variance;
      return {
        mean: at(means, i),
        sd: Math.sqrt(variance),
        total_r: shared / Math.sqrt(variance * total),
        rest_r: (shared - variance) / Math.sqrt(variance * rest),
        alpha_if_removed: alpha(items - 1, own - variance, rest),
      };
    }),
  };
}

function momentsOf({ rows, items, data, counts }: Responses): {
  persons: number;
  means: Float64Array;
  covariance: Float64Array;
} {
  const whole: { readonly answers: Int8Array; readonly count: number }[] = [];
  for (let r = 0; r < rows; r++) {
    const answers = data.subarray(r * items, (r + 1) * items);
    if (!answers.includes(UNANSWERED)) whole.push({ answers, count: at(counts, r) });
  }
  const persons = whole.reduce((sum, { count }) => sum + count, 0);
  const means = new Float64Array(items);
  const covariance = new Float64Array(items * items);
  for (const { answers, count } of whole)
    for (let i = 0; i < items; i++) means[i] = (means[i] ?? 0) + (count * (answers[i] ?? 0)) / persons;
  for (const { answers, count } of whole)
    for (let i = 0; i < items; i++) {
      const away = (answers[i] ?? 0) - (means[i] ?? 0);
      for (let j = 0; j < items; j++)
        covariance[i * items + j] =
          (covariance[i * items + j] ?? 0) +
          (count * away * ((answers[j] ?? 0) - (means[j] ?? 0))) / (persons - 1);
    }
  return { persons, means, covariance };
}
