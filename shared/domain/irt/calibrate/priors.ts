import { at } from '../bank.ts';
import { logistic } from './kernels/kernel.ts';
import type { Layout } from './layout.ts';

/** ln a ~ N(mean, sd²). */
export interface LogNormalPrior {
  readonly mean: number;
  readonly sd: number;
}

/** b, or each threshold, ~ N(mean, sd²). */
export interface NormalPrior {
  readonly mean: number;
  readonly sd: number;
}

/** logit c ~ N(mean, sd²), or c ~ Beta(alpha, beta). */
export type GuessingPrior =
  | { readonly kind: 'logit-normal'; readonly mean: number; readonly sd: number }
  | { readonly kind: 'beta'; readonly alpha: number; readonly beta: number };

export interface Priors {
  readonly a?: LogNormalPrior | undefined;
  readonly b?: NormalPrior | undefined;
  /** By default logit c ~ N(logit .2, .5²): without a prior c of easy items is not identified. `null`: none. */
  readonly c?: GuessingPrior | null | undefined;
}

export const defaultGuessingPrior: GuessingPrior = { kind: 'logit-normal', mean: Math.log(0.25), sd: 0.5 };

/** Where the density of c is highest, to start from. */
export function guessingMode(prior: GuessingPrior | null): number {
  if (prior === null) return 0.15;
  if (prior.kind === 'logit-normal') return logistic(prior.mean);
  const { alpha, beta } = prior;
  return alpha > 1 && beta > 1 ? (alpha - 1) / (alpha + beta - 2) : alpha / (alpha + beta);
}

/** @throws RangeError for a spread or shape that is not positive */
export function checkPriors({ a, b, c }: Priors): void {
  const positive = (what: string, value: number): void => {
    if (!(value > 0 && value < Number.POSITIVE_INFINITY))
      throw new RangeError(`prior ${what} must be positive, not ${value}`);
  };
  if (a !== undefined) positive('sd of ln a', a.sd);
  if (b !== undefined) positive('sd of b', b.sd);
  if (c?.kind === 'logit-normal') positive('sd of logit c', c.sd);
  if (c?.kind === 'beta') {
    positive('alpha of c', c.alpha);
    positive('beta of c', c.beta);
  }
}

/**
 * Contributions of the priors on one item. `gradient` [n] and `curvature` [n][n] are by its parameters;
 * `information` [n][n] is a positive semidefinite stand-in for −curvature.
 */
export interface PriorTerms {
  logDensity: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly information: Float64Array;
}

export const createPriorTerms = (n: number): PriorTerms => ({
  logDensity: 0,
  gradient: new Float64Array(n),
  curvature: new Float64Array(n * n),
  information: new Float64Array(n * n),
});

/** Fills `terms` for an item; of items that share a slope, the prior on it counts with the first. */
export function priorTerms(
  layout: Layout,
  priors: Priors,
  values: Float64Array,
  item: number,
  terms: PriorTerms,
): void {
  terms.logDensity = 0;
  terms.gradient.fill(0);
  terms.curvature.fill(0);
  terms.information.fill(0);
  const plan = layout.items[item];
  if (plan === undefined || plan.fixed !== undefined) return;
  const from = at(layout.from, item);
  const n = at(layout.from, item + 1) - from;
  const sharedBefore = plan.model === '1PL' && layout.sharing[0] !== item;
  if (priors.a !== undefined && !sharedBefore) addSlope(priors.a, layout.D, at(values, from), terms);
  const guesses = plan.model === '3PL';
  const intercepts = guesses ? 2 : n;
  if (priors.b !== undefined)
    for (let i = 1; i < intercepts; i++)
      addThreshold(priors.b, at(values, from), at(values, from + i), i, n, terms);
  if (guesses && priors.c) addGuessing(priors.c, at(values, from + 2), terms);
}

const HALF_LOG_TAU = 0.9189385332046727;

/** With a = α/D: ln p = −u²/2 − ln(a s √2π), u = (ln a − m)/s. */
function addSlope({ mean, sd }: LogNormalPrior, D: number, slope: number, terms: PriorTerms): void {
  const a = slope / D;
  if (!(a > 0)) {
    terms.logDensity = Number.NEGATIVE_INFINITY;
    return;
  }
  const u = (Math.log(a) - mean) / sd;
  const { gradient, curvature, information } = terms;
  terms.logDensity += -0.5 * u * u - Math.log(a * sd) - HALF_LOG_TAU;
  gradient[0] = (gradient[0] ?? 0) - (u / sd + 1) / slope;
  curvature[0] = (curvature[0] ?? 0) + (u / sd + 1 - 1 / (sd * sd)) / (slope * slope);
  information[0] = (information[0] ?? 0) + 1 / (sd * sd * slope * slope);
}

/** b = −d/α: ∂b/∂α = −b/α, ∂b/∂d = −1/α, ∂²b/∂α² = 2b/α², ∂²b/∂α∂d = 1/α². */
function addThreshold(
  { mean, sd }: NormalPrior,
  slope: number,
  intercept: number,
  i: number,
  n: number,
  terms: PriorTerms,
): void {
  const b = -intercept / slope;
  const u = (b - mean) / (sd * sd);
  const bySlope = -b / slope;
  const byIntercept = -1 / slope;
  terms.logDensity += -0.5 * ((b - mean) / sd) ** 2 - Math.log(sd) - HALF_LOG_TAU;
  const { gradient, curvature, information } = terms;
  gradient[0] = (gradient[0] ?? 0) - u * bySlope;
  gradient[i] = (gradient[i] ?? 0) - u * byIntercept;
  const add = (j: number, k: number, first: number, second: number): void => {
    information[j * n + k] = (information[j * n + k] ?? 0) + first / (sd * sd);
    curvature[j * n + k] = (curvature[j * n + k] ?? 0) - first / (sd * sd) - u * second;
  };
  add(0, 0, bySlope * bySlope, (2 * b) / (slope * slope));
  add(0, i, bySlope * byIntercept, 1 / (slope * slope));
  add(i, 0, bySlope * byIntercept, 1 / (slope * slope));
  add(i, i, byIntercept * byIntercept, 0);
}

/** By g = logit c. The densities are those of logit c and of c, each without a Jacobian (as in mirt). */
function addGuessing(prior: GuessingPrior, g: number, terms: PriorTerms): void {
  const { gradient, curvature, information } = terms;
  if (prior.kind === 'logit-normal') {
    const { mean, sd } = prior;
    terms.logDensity += -0.5 * ((g - mean) / sd) ** 2 - Math.log(sd) - HALF_LOG_TAU;
    gradient[2] = -(g - mean) / (sd * sd);
    curvature[8] = -1 / (sd * sd);
    information[8] = 1 / (sd * sd);
    return;
  }
  const { alpha, beta } = prior;
  const c = logistic(g);
  const bend = Math.max(0, alpha + beta - 2) * c * (1 - c);
  terms.logDensity += (alpha - 1) * Math.log(c) + (beta - 1) * Math.log1p(-c) - logBeta(alpha, beta);
  gradient[2] = alpha - 1 - (alpha + beta - 2) * c;
  curvature[8] = -(alpha + beta - 2) * c * (1 - c);
  information[8] = bend;
}

const logBeta = (x: number, y: number): number => logGamma(x) + logGamma(y) - logGamma(x + y);

/** ln Γ(x), x > 0: Stirling's series after shifting to x ≥ 10 (next term below 1e-13). */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188))))) / z;
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TAU + series - shift;
}
