/**
 * One model's formulas in the parameters in which it is calibrated: slope and intercepts, z = α θ + d, which are
 * far less correlated than a and b. With the bank's scaling constant D: α = D a, d = −α b.
 */
export interface Kernel {
  /** Number of parameters of an item of `categories` categories; the first is the slope. */
  size(categories: number): number;
  /** Whether ln P_k − ln P_0 = k α θ + Σ_{v ≤ k} d_v, which spares the E-step a table. */
  readonly linear: boolean;
  /**
   * ln P of each category at each node, [categories][nodes], written to `out` from `to` on.
   * @param values all parameters, this item's from `from` on
   */
  logProbabilities(
    values: Float64Array,
    from: number,
    categories: number,
    theta: Float64Array,
    out: Float64Array,
    to: number,
  ): void;
  /** P, its scores and curvatures at one θ. */
  evaluate(values: Float64Array, from: number, categories: number, theta: number, out: KernelPoint): void;
}

/** An item at one θ: with n parameters, scores are [categories][n], curvatures [categories][n][n]. */
export interface KernelPoint {
  readonly probability: Float64Array;
  /** ∂ ln P_k/∂parameter. */
  readonly score: Float64Array;
  /** ∂² ln P_k/∂parameter². */
  readonly curvature: Float64Array;
}

export const createKernelPoint = (categories: number, size: number): KernelPoint => ({
  probability: new Float64Array(categories),
  score: new Float64Array(categories * size),
  curvature: new Float64Array(categories * size * size),
});

/** 1/(1 + e^−z). */
export function logistic(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z < 0 ? e / (1 + e) : 1 / (1 + e);
}

/** ln(1/(1 + e^−z)), exact where it underflows. */
export const logLogistic = (z: number): number =>
  z < 0 ? z - Math.log1p(Math.exp(z)) : -Math.log1p(Math.exp(-z));
