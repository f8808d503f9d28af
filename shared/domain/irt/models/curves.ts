import { at, type Bank, GRADED, LOGISTIC, MOST_CATEGORIES } from '../bank.ts';

/**
 * What every model's formulas come down to, by category k at one θ:
 *   p[k] = P_k(θ),  u[k] = d ln P_k / dθ,  w[k] = −d² ln P_k / dθ².
 * Then P' = p u, P'' = p (u² − w), the expected information is I = Σ p u² = Σ P'²/P, Warm's bias term
 * J = Σ p u (u² − w) = Σ P' P''/P, and dI/dθ = Σ p u (u² − 2w).
 *
 * u and w are computed without dividing by probabilities, so that they hold where P underflows.
 */
export interface Curves {
  /** Number of categories that are filled. */
  categories: number;
  readonly p: Float64Array;
  readonly u: Float64Array;
  readonly w: Float64Array;
}

/** Room for any item's curves. */
export const createCurves = (): Curves => ({
  categories: 0,
  p: new Float64Array(MOST_CATEGORIES),
  u: new Float64Array(MOST_CATEGORIES),
  w: new Float64Array(MOST_CATEGORIES),
});

/** Fills `curves` with item `item` at `theta`. Unchecked: `item` is in the bank, `theta` finite. */
export function evaluate(bank: Bank, item: number, theta: number, curves: Curves): void {
  const family = bank.family[item];
  if (family === LOGISTIC) evaluateLogistic(bank, item, theta, curves);
  else if (family === GRADED) evaluateGraded(bank, item, theta, curves);
  else evaluatePartialCredit(bank, item, theta, curves);
}

/**
 * 1PL to 4PL: P = c + (d − c) s with s = 1/(1 + e^−z), z = D a (θ − b)
 * (Birnbaum 1968; Barton & Lord 1981). With the shares f = (d − c) s / P and g = (d − c)(1 − s)/(1 − P), which are 1
 * for c = 0 and d = 1: P'/P = D a (1 − s) f and P'/Q = D a s g.
 */
function evaluateLogistic(bank: Bank, item: number, theta: number, curves: Curves): void {
  const { p, u, w } = curves;
  const slope = bank.slope[item] ?? 0;
  const c = bank.c[item] ?? 0;
  const d = bank.d[item] ?? 1;
  const z = slope * (theta - (bank.b[item] ?? 0));
  // 1 − s as a quotient of its own, not by subtraction, keeps its digits where s is near 1.
  const e = Math.exp(-Math.abs(z));
  const small = e / (1 + e);
  const large = 1 / (1 + e);
  const s = z < 0 ? small : large;
  const t = z < 0 ? large : small;
  const range = d - c;
  const right = c + range * s;
  const wrong = 1 - d + range * t;
  const byRight = slope * t * (c === 0 ? 1 : (range * s) / right);
  const byWrong = slope * s * (d === 1 ? 1 : (range * t) / wrong);
  const bend = slope * (t - s);
  curves.categories = 2;
  p[0] = wrong;
  p[1] = right;
  u[0] = -byWrong;
  u[1] = byRight;
  w[0] = byWrong * (byWrong + bend);
  w[1] = byRight * (byRight - bend);
}

/**
 * Graded response model (Samejima 1969): P_k = σ(x_k) − σ(x_{k+1}), x_k = D a (θ − b_k), σ(x_0) = 1, σ(x_K) = 0.
 * Written as the product σ(x)(1 − σ(y))(1 − e^{y−x}), so that no digits cancel; then u = D a (1 − σ(x) − σ(y)) and
 * w = (D a)² [σ(x)(1 − σ(x)) + σ(y)(1 − σ(y))].
 */
function evaluateGraded(bank: Bank, item: number, theta: number, curves: Curves): void {
  const { p, u, w } = curves;
  const { thresholds } = bank;
  const slope = bank.slope[item] ?? 0;
  const offset = bank.offset[item] ?? 0;
  const last = (bank.categories[item] ?? 2) - 1;
  curves.categories = last + 1;
  let above = 1;
  let below = 0;
  for (let k = 0; k <= last; k++) {
    const upper = thresholds[offset + k] ?? 0;
    let s = 0;
    let t = 1;
    if (k < last) {
      const z = slope * (theta - upper);
      const e = Math.exp(-Math.abs(z));
      s = z < 0 ? e / (1 + e) : 1 / (1 + e);
      t = z < 0 ? 1 / (1 + e) : e / (1 + e);
    }
    const apart =
      k === 0 || k === last ? 1 : -Math.expm1(slope * ((thresholds[offset + k - 1] ?? 0) - upper));
    p[k] = above * t * apart;
    // 1 − σ(x) − σ(y) as a sum of what is small on each side.
    u[k] = slope * (below - s);
    w[k] = slope * slope * (above * below + s * t);
    above = s;
    below = t;
  }
}

/**
 * Generalised partial credit model (Muraki 1992; Masters' PCM with a = 1): P_k ∝ exp Σ_{v ≤ k} D a (θ − b_v). With E
 * and V the mean and variance of k: u = D a (k − E), w = (D a)² V.
 */
function evaluatePartialCredit(bank: Bank, item: number, theta: number, curves: Curves): void {
  const { p, u, w } = curves;
  const { thresholds } = bank;
  const slope = bank.slope[item] ?? 0;
  const offset = bank.offset[item] ?? 0;
  const categories = bank.categories[item] ?? 2;
  curves.categories = categories;
  let exponent = 0;
  let highest = 0;
  u[0] = 0;
  for (let k = 1; k < categories; k++) {
    exponent += slope * (theta - (thresholds[offset + k - 1] ?? 0));
    u[k] = exponent;
    if (exponent > highest) highest = exponent;
  }
  let total = 0;
  for (let k = 0; k < categories; k++) {
    const share = Math.exp((u[k] ?? 0) - highest);
    p[k] = share;
    total += share;
  }
  let mean = 0;
  for (let k = 0; k < categories; k++) {
    const probability = (p[k] ?? 0) / total;
    p[k] = probability;
    mean += k * probability;
  }
  let variance = 0;
  for (let k = 0; k < categories; k++) variance += (p[k] ?? 0) * (k - mean) * (k - mean);
  for (let k = 0; k < categories; k++) {
    u[k] = slope * (k - mean);
    w[k] = slope * slope * variance;
  }
}

/** I = Σ P'²/P of what was evaluated. */
export function informationOf({ categories, p, u }: Curves): number {
  let sum = 0;
  for (let k = 0; k < categories; k++) sum += (p[k] ?? 0) * (u[k] ?? 0) * (u[k] ?? 0);
  return sum;
}

/** J = Σ P' P''/P of what was evaluated (Warm 1989, eq. 9; of a dichotomous item P' P''/(P Q)). */
export function warmTermOf({ categories, p, u, w }: Curves): number {
  let sum = 0;
  for (let k = 0; k < categories; k++) {
    const slope = u[k] ?? 0;
    sum += (p[k] ?? 0) * slope * (slope * slope - (w[k] ?? 0));
  }
  return sum;
}

/** dI/dθ of what was evaluated. */
export function informationSlopeOf({ categories, p, u, w }: Curves): number {
  let sum = 0;
  for (let k = 0; k < categories; k++) {
    const slope = u[k] ?? 0;
    sum += (p[k] ?? 0) * slope * (slope * slope - 2 * (w[k] ?? 0));
  }
  return sum;
}

/** ln P_k of what was evaluated, finite also where P_k underflows to 0. */
export const logProbabilityOf = ({ p }: Curves, category: number): number =>
  Math.log(Math.max(at(p, category), Number.MIN_VALUE));
