import { at, type ItemParameters } from '../bank.ts';
import { logistic } from './kernels/kernel.ts';
import type { Layout } from './layout.ts';

/** Standard errors, in the units of the parameters; of what an item has not, 0. */
export interface ItemErrors {
  readonly a: number;
  /** Of the difficulty; of a polytomous item, of the mean of its thresholds. */
  readonly b: number;
  readonly c: number;
  /** Of a polytomous item's thresholds, else empty. */
  readonly thresholds: readonly number[];
  /** Of α = D a and of the intercepts d in z = αθ + d. */
  readonly slope: number;
  readonly intercepts: readonly number[];
}

/** An item's parameters in slope and intercepts. */
export interface Intercepts {
  /** α = D a. */
  readonly slope: number;
  /** d = −α b; of GRM and GPCM one for each threshold. */
  readonly intercepts: readonly number[];
}

export function interceptsAt(layout: Layout, values: Float64Array, item: number): Intercepts {
  const from = at(layout.from, item);
  const count = interceptCount(layout, item);
  return { slope: at(values, from), intercepts: Array.from(values.subarray(from + 1, from + 1 + count)) };
}

function interceptCount(layout: Layout, item: number): number {
  const plan = layout.items[item];
  return plan === undefined || plan.fixed !== undefined ? 0 : plan.categories - 1;
}

/** a = α/D, b = −d/α, c = 1/(1 + e^−g). */
export function parametersAt(layout: Layout, values: Float64Array, item: number): ItemParameters {
  const plan = layout.items[item];
  if (plan === undefined) throw new RangeError(`there is no item ${item}`);
  if (plan.fixed !== undefined) return plan.fixed;
  const { slope, intercepts } = interceptsAt(layout, values, item);
  const a = slope / layout.D;
  const thresholds = intercepts.map((d) => -d / slope);
  const [b = Number.NaN] = thresholds;
  switch (plan.model) {
    case '1PL':
    case '2PL':
      return { model: plan.model, a, b };
    case '3PL':
      return { model: '3PL', a, b, c: logistic(at(values, at(layout.from, item) + 2)) };
    default:
      return { model: plan.model, a, thresholds };
  }
}

/**
 * Standard errors by the delta method: ∂b/∂α = −b/α and ∂b/∂d = −1/α, ∂c/∂g = c(1 − c).
 * @param covariance of the estimated parameters, [parameters][parameters]
 */
export function errorsAt(
  layout: Layout,
  values: Float64Array,
  covariance: Float64Array,
  item: number,
): ItemErrors {
  const from = at(layout.from, item);
  const { slope, intercepts } = interceptsAt(layout, values, item);
  const thresholds = intercepts.map((d) => -d / slope);
  // a slope that was held at its bound has no standard error; c held at 0 is known
  const cov = (i: number, j: number): number => {
    const [row, column] = [at(layout.free, from + i), at(layout.free, from + j)];
    if (at(layout.free, from) < 0) return Number.NaN;
    return row < 0 || column < 0 ? 0 : at(covariance, row * layout.parameters + column);
  };
  const spread = (gradient: readonly number[]): number => {
    let variance = 0;
    for (let i = 0; i < gradient.length; i++)
      for (let j = 0; j < gradient.length; j++) variance += at(gradient, i) * at(gradient, j) * cov(i, j);
    return variance < 0 ? 0 : Math.sqrt(variance);
  };
  const unit = (i: number): number[] => [...Array.from({ length: i }, () => 0), 1];
  const byThreshold = (k: number): number[] => [
    -at(thresholds, k) / slope,
    ...thresholds.map((_, j) => (j === k ? -1 / slope : 0)),
  ];
  const share = 1 / thresholds.length;
  const location = thresholds.reduce((sum, b) => sum + b * share, 0);
  const plan = layout.items[item];
  const c = plan?.model === '3PL' ? logistic(at(values, from + 2)) : 0;
  const polytomous = plan?.model === 'GRM' || plan?.model === 'GPCM';
  return {
    a: spread([1]) / layout.D,
    b: spread([-location / slope, ...thresholds.map(() => -share / slope)]),
    c: plan?.model === '3PL' ? c * (1 - c) * spread(unit(2)) : 0,
    thresholds: polytomous ? thresholds.map((_, k) => spread(byThreshold(k))) : [],
    slope: spread([1]),
    intercepts: intercepts.map((_, k) => spread(unit(k + 1))),
  };
}
