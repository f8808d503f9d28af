import { type Answers, at, type Bank, GRADED, LOGISTIC } from '../bank.ts';
import { createCurves, evaluate } from '../models/curves.ts';

/** The slope of ln L, what it takes to compute it fast, and how fast it can change. */
export interface LikelihoodSlope {
  readonly bank: Bank;
  readonly answers: Answers;
  /** Six numbers for each answer (see `packed`); null if some item has several categories. */
  readonly terms: Float64Array | null;
  /** The highest D a. */
  readonly steepest: number;
  /** The most that the slope can fall and rise for each unit of θ. */
  readonly fall: number;
  readonly rise: number;
  /** Of the last θ: the sums of positive and of negative terms, both counted as positive. */
  up: number;
  down: number;
  /** Of the last θ, where `slopeAndWarmAt` was asked: Σ I and Σ P' P''/P. */
  information: number;
  warm: number;
}

export function createSlope(bank: Bank, answers: Answers): LikelihoodSlope {
  const { items, responses } = answers;
  let dichotomous = true;
  let steepest = 0;
  let fall = 0;
  let rise = 0;
  for (let k = 0; k < items.length; k++) {
    const item = items[k] ?? 0;
    const slope = at(bank.slope, item);
    steepest = Math.max(steepest, slope);
    if (bank.family[item] === LOGISTIC) {
      const right = responses[k] === 1;
      const low = right ? at(bank.c, item) : 1 - at(bank.d, item);
      const high = right ? at(bank.d, item) : 1 - at(bank.c, item);
      fall += (slope * slope * (1 - low / high)) / 4;
      rise += slope * slope * mostRise(low, high);
    } else {
      dichotomous = false;
      fall += slope * slope * mostFall(bank, item);
    }
  }
  const terms = dichotomous ? packed(bank, answers) : null;
  return { bank, answers, terms, steepest, fall, rise, up: 0, down: 0, information: 0, warm: 0 };
}

/**
 * The highest value of d² ln P/dz² by z = D a (θ − b), for P = c + (d − c)s: it is s(1 − s)(cd/P² − 1), which with
 * P = √(cd) e^−v and M = (c + d)/(2√(cd)) becomes (M − cosh v) sinh v/(M² − 1), highest where 2 cosh² v − M cosh v = 1.
 * Its lowest value is at least −(1 − c/d)/4. A wrong answer is a right one with 1 − d and 1 − c.
 */
function mostRise(low: number, high: number): number {
  if (low === 0) return 0;
  const M = (low + high) / (2 * Math.sqrt(low * high));
  // it is below 1/4 wherever the asymptotes are; where they nearly meet M − 1 has lost its digits, and M² may overflow
  if (!(M > 1.000001 && M < 1e6)) return 0.25;
  const C = (M + Math.sqrt(M * M + 8)) / 4;
  return ((M - C) * Math.sqrt(C * C - 1)) / (M * M - 1);
}

/** −d² ln P/dz² of items with several categories is never negative; GRM: two terms s(1 − s), PCM: the category's variance. */
function mostFall(bank: Bank, item: number): number {
  if (bank.family[item] === GRADED) return 0.5;
  const last = at(bank.categories, item) - 1;
  return (last * last) / 4;
}

/**
 * For each answer D a, b, the asymptote below P and the distance of the other one from 1, the range between them, and 1
 * for a right answer, −1 for a wrong one, of which all is mirrored.
 */
function packed(bank: Bank, { items, responses }: Answers): Float64Array {
  const terms = new Float64Array(6 * items.length);
  for (let k = 0; k < items.length; k++) {
    const item = items[k] ?? 0;
    const right = responses[k] === 1;
    const c = bank.c[item] ?? 0;
    const d = bank.d[item] ?? 1;
    terms[6 * k] = bank.slope[item] ?? 0;
    terms[6 * k + 1] = bank.b[item] ?? 0;
    terms[6 * k + 2] = right ? c : 1 - d;
    terms[6 * k + 3] = right ? 1 - d : c;
    terms[6 * k + 4] = d - c;
    terms[6 * k + 5] = right ? 1 : -1;
  }
  return terms;
}

const curves = createCurves();

/** d ln L/dθ. */
export function slopeAt(slope: LikelihoodSlope, theta: number): number {
  if (slope.terms !== null) return slopeOfTerms(slope, slope.terms, theta, false);
  const { bank, answers } = slope;
  const { items, responses } = answers;
  let sum = 0;
  for (let k = 0; k < items.length; k++) {
    evaluate(bank, items[k] ?? 0, theta, curves);
    sum += curves.u[responses[k] ?? 0] ?? 0;
  }
  return sum;
}

/** d ln L/dθ, with information and Warm's term, for dichotomous items. */
export const slopeAndWarmAt = (slope: LikelihoodSlope, terms: Float64Array, theta: number): number =>
  slopeOfTerms(slope, terms, theta, true);

/**
 * Σ ± D a (1 − s) (range s)/P, with s the share in favour of the answer: the formulas of models/curves.ts. For Warm's
 * estimate also I = (P'/P)(P'/Q) and J = I D a (1 − 2s).
 */
function slopeOfTerms(slope: LikelihoodSlope, terms: Float64Array, theta: number, withWarm: boolean): number {
  let up = 0;
  let down = 0;
  let information = 0;
  let warm = 0;
  for (let k = 0; k < terms.length; k += 6) {
    const steepness = terms[k] ?? 0;
    const low = terms[k + 2] ?? 0;
    const range = terms[k + 4] ?? 0;
    const sign = terms[k + 5] ?? 0;
    const z = sign * steepness * (theta - (terms[k + 1] ?? 0));
    const e = Math.exp(-Math.abs(z));
    const large = 1 / (1 + e);
    const small = e * large;
    const s = z < 0 ? small : large;
    const t = z < 0 ? large : small;
    const term = steepness * t * (low === 0 ? 1 : (range * s) / (low + range * s));
    if (sign > 0) up += term;
    else down += term;
    if (!withWarm) continue;
    const high = terms[k + 3] ?? 0;
    const other = steepness * s * (high === 0 ? 1 : (range * t) / (high + range * t));
    information += term * other;
    warm += term * other * sign * steepness * (t - s);
  }
  slope.up = up;
  slope.down = down;
  slope.information = information;
  slope.warm = warm;
  return up - down;
}

/**
 * How far from the last θ the slope of ln L is sure to keep its sign, from two bounds. It changes by at most `fall` and
 * `rise` for each unit. And the terms of dichotomous items change by a factor of at most e^(D a): their logarithms'
 * derivative is D a ((1 − s)(1 − f) − s), f between 0 and 1, so that positive ones outweigh negative ones for at least
 * ln(up/down)/(2 D a), and without any on the other side for ever.
 */
export function reachOf({ terms, steepest, fall, rise, up, down }: LikelihoodSlope, slope: number): number {
  const byChange = slope > 0 ? slope / fall : slope < 0 ? -slope / rise : 0;
  if (terms === null || slope === 0) return byChange;
  const most = slope > 0 ? up : down;
  const least = slope > 0 ? down : up;
  return Math.max(byChange, Math.log(most / least) / (2 * steepest));
}
