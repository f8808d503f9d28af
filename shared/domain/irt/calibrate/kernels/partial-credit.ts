import type { Kernel } from './kernel.ts';

/**
 * GPCM (Muraki 1992): parameters α, d_1 … d_{K−1}; P_k ∝ e^{z_k}, z_k = k α θ + d_1 + … + d_k, so that d_v = −α b_v.
 * z is linear in the parameters with gradient φ_k = (kθ, 1 for v ≤ k): ∂ ln P_k = φ_k − E φ, ∂² ln P_k = −Cov φ.
 */
export const partialCreditKernel: Kernel = {
  size: (categories) => categories,
  linear: true,
  logProbabilities(values, from, categories, theta, out, to) {
    const nodes = theta.length;
    for (let q = 0; q < nodes; q++) {
      const step = (values[from] ?? 0) * (theta[q] ?? 0);
      let highest = 0;
      for (let k = 1, z = 0; k < categories; k++) {
        z += step + (values[from + k] ?? 0);
        out[to + k * nodes + q] = z;
        if (z > highest) highest = z;
      }
      out[to + q] = 0;
      let total = 0;
      for (let k = 0; k < categories; k++) total += Math.exp((out[to + k * nodes + q] ?? 0) - highest);
      const logTotal = highest + Math.log(total);
      for (let k = 0; k < categories; k++)
        out[to + k * nodes + q] = (out[to + k * nodes + q] ?? 0) - logTotal;
    }
  },
  evaluate(values, from, categories, theta, { probability, score, curvature }) {
    fillProbabilities(values, from, categories, theta, probability);
    const n = categories;
    let mean = 0;
    // The first row, of category 0, is −E φ; the others add φ_k to it. E φ_v = P(K ≥ v), E K = Σ_v P(K ≥ v).
    for (let v = n - 1, tail = 0; v >= 1; v--) {
      tail += probability[v] ?? 0;
      score[v] = -tail;
      mean += tail;
    }
    score[0] = -mean * theta;
    for (let k = 1; k < n; k++) {
      score[k * n] = (k - mean) * theta;
      for (let v = 1; v < n; v++) score[k * n + v] = (k >= v ? 1 : 0) + (score[v] ?? 0);
    }
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let covariance = 0;
        for (let k = 0; k < n; k++)
          covariance += (probability[k] ?? 0) * (score[k * n + i] ?? 0) * (score[k * n + j] ?? 0);
        for (let k = 0; k < n; k++) {
          curvature[(k * n + i) * n + j] = -covariance;
          curvature[(k * n + j) * n + i] = -covariance;
        }
      }
  },
};

function fillProbabilities(
  values: Float64Array,
  from: number,
  categories: number,
  theta: number,
  out: Float64Array,
): void {
  const step = (values[from] ?? 0) * theta;
  let highest = 0;
  out[0] = 0;
  for (let k = 1, z = 0; k < categories; k++) {
    z += step + (values[from + k] ?? 0);
    out[k] = z;
    if (z > highest) highest = z;
  }
  let total = 0;
  for (let k = 0; k < categories; k++) {
    const share = Math.exp((out[k] ?? 0) - highest);
    out[k] = share;
    total += share;
  }
  for (let k = 0; k < categories; k++) out[k] = (out[k] ?? 0) / total;
}
