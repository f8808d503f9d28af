import { at } from '../bank.ts';

/** Equally spaced nodes; the rectangle rule over a density that vanishes at both ends. */
export interface Grid {
  readonly theta: Float64Array;
  readonly spacing: number;
}

/** How exact an integral should be. */
export interface GridRule {
  /** Half the width in standard deviations of θ. */
  readonly halfWidth: number;
  /** Largest spacing in standard deviations of θ. */
  readonly spacing: number;
  /** Largest error of a single integral is about e^−accuracy. */
  readonly accuracy: number;
}

const MOST_NODES = 2001;

export function gridBetween(lower: number, upper: number, nodes: number): Grid {
  const spacing = (upper - lower) / (nodes - 1);
  return { theta: Float64Array.from({ length: nodes }, (_, q) => lower + q * spacing), spacing };
}

/**
 * A grid that is wide and fine enough for items like these.
 *
 * The rectangle rule with spacing h on an analytic integrand that vanishes at both ends is off by about e^{−2πw/h},
 * where w is the distance of its nearest pole to the real line (Trefethen & Weideman 2014, theorem 5.1). A logistic
 * curve of slope α has its poles at ±iπ/α, so h ≤ 2π²/(α · accuracy). A posterior of standard deviation s, a Gaussian,
 * is off by e^{−2π²s²/h²}, so h ≤ s √(2π²/accuracy). Gauss–Hermite nodes, spread for polynomials, are off by .18 in a
 * slope of 6 (the Abortion data).
 *
 * @param steepest largest |α|
 * @param information test information where it is largest
 */
export function gridFor(
  rule: GridRule,
  mean: number,
  sd: number,
  steepest: number,
  information: number,
): Grid {
  const halfWidth = rule.halfWidth * sd;
  const posterior = 1 / Math.sqrt(1 / (sd * sd) + information);
  const spacing = Math.min(
    rule.spacing * sd,
    (2 * Math.PI ** 2) / (rule.accuracy * Math.max(steepest, 1e-3)),
    posterior * Math.sqrt((2 * Math.PI ** 2) / rule.accuracy),
  );
  // a hair less, so that 8/.1 intervals stay 80
  const half = Math.min((MOST_NODES - 1) / 2, Math.ceil(halfWidth / spacing - 1e-9));
  return gridBetween(mean - halfWidth, mean + halfWidth, 2 * half + 1);
}

/** Whether `grid` is as fine as `needed` (to a tenth) and as wide (to a twentieth of a standard deviation). */
export function suffices(grid: Grid, needed: Grid, sd: number): boolean {
  const last = (values: Float64Array): number => at(values, values.length - 1);
  return (
    grid.spacing <= 1.1 * needed.spacing &&
    at(grid.theta, 0) <= at(needed.theta, 0) + 0.05 * sd &&
    last(grid.theta) >= last(needed.theta) - 0.05 * sd
  );
}

/** ln of the normal density at each node, scaled so that the weights sum to 1. */
export function logNormalWeights(theta: Float64Array, mean: number, sd: number): Float64Array {
  const weights = theta.map((t) => -0.5 * ((t - mean) / sd) ** 2);
  const logTotal = Math.log(weights.reduce((sum, w) => sum + Math.exp(w), 0));
  return weights.map((w) => w - logTotal);
}
