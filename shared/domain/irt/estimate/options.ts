import type { EstimatorName } from '../names.ts';

/** Normal prior of θ. */
export interface NormalPrior {
  readonly mean: number;
  readonly sd: number;
}

/** Equally spaced nodes from `lower` to `upper`, both included. */
export interface QuadratureOptions {
  readonly nodes?: number | undefined;
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
}

export interface EstimateOptions {
  /** Prior of MAP, EAP and EAPsum; N(0, 1) by default. */
  readonly prior?: { readonly mean?: number | undefined; readonly sd?: number | undefined } | undefined;
  /** Nodes of EAP and EAPsum; 41 on [−5, 5] by default. */
  readonly quadrature?: QuadratureOptions | undefined;
  /** Where MLE, MAP and WLE look for their maximum; [−6, 6] by default. */
  readonly bounds?: readonly [number, number] | undefined;
}

export interface EstimatorOptions extends EstimateOptions {
  readonly method: EstimatorName;
}

export interface Estimate {
  readonly theta: number;
  /** Standard error; of EAP and EAPsum the posterior standard deviation. */
  readonly se: number;
  /** Whether θ is one of the bounds because the maximum lies beyond or on it. */
  readonly at_bound: boolean;
}

/** @throws RangeError unless the mean is finite and the standard deviation positive */
export function resolvePrior(prior: EstimateOptions['prior']): NormalPrior {
  const { mean = 0, sd = 1 } = prior ?? {};
  if (!Number.isFinite(mean)) throw new RangeError(`the prior's mean must be finite, not ${mean}`);
  if (!(sd > 0 && sd < Number.POSITIVE_INFINITY))
    throw new RangeError(`the prior's sd must be positive, not ${sd}`);
  return { mean, sd };
}

/** @throws RangeError unless both are finite and the first is below the second */
export function resolveBounds(bounds: EstimateOptions['bounds']): readonly [number, number] {
  const [lower, upper] = bounds ?? [-6, 6];
  if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower < upper))
    throw new RangeError(`bounds must be finite and rising, not [${lower}, ${upper}]`);
  return [lower, upper];
}
