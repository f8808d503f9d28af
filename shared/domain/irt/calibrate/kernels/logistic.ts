import { type Kernel, logistic, logLogistic } from './kernel.ts';

/** 1PL and 2PL: parameters α, d; P = 1/(1 + e^−(αθ + d)). */
export const twoParameterKernel: Kernel = {
  size: () => 2,
  linear: true,
  logProbabilities(values, from, _categories, theta, out, to) {
    const slope = values[from] ?? 0;
    const intercept = values[from + 1] ?? 0;
    const nodes = theta.length;
    for (let q = 0; q < nodes; q++) {
      const z = slope * (theta[q] ?? 0) + intercept;
      const wrong = logLogistic(-z);
      out[to + q] = wrong;
      out[to + nodes + q] = wrong + z;
    }
  },
  evaluate(values, from, _categories, theta, { probability, score, curvature }) {
    const z = (values[from] ?? 0) * theta + (values[from + 1] ?? 0);
    const p = logistic(z);
    const wrong = logistic(-z);
    probability[0] = wrong;
    probability[1] = p;
    score[0] = -p * theta;
    score[1] = -p;
    score[2] = wrong * theta;
    score[3] = wrong;
    const bend = -p * wrong;
    for (let k = 0; k < 2; k++) {
      curvature[4 * k] = bend * theta * theta;
      curvature[4 * k + 1] = bend * theta;
      curvature[4 * k + 2] = bend * theta;
      curvature[4 * k + 3] = bend;
    }
  },
};

/**
 * 3PL: parameters α, d, g = logit c; P = c + (1 − c) F, F = 1/(1 + e^−(αθ + d)).
 * After a wrong answer ln Q = ln(1 − c) + ln(1 − F), so that its cross derivative is 0; after a right one, with
 * the share f = (1 − c) F/P of those who knew: ∂/∂z = f (1 − F), ∂/∂g = c (1 − c)(1 − F)/P.
 */
export const threeParameterKernel: Kernel = {
  size: () => 3,
  linear: false,
  logProbabilities(values, from, _categories, theta, out, to) {
    const slope = values[from] ?? 0;
    const intercept = values[from + 1] ?? 0;
    const c = logistic(values[from + 2] ?? 0);
    const logRest = logLogistic(-(values[from + 2] ?? 0));
    const nodes = theta.length;
    for (let q = 0; q < nodes; q++) {
      const z = slope * (theta[q] ?? 0) + intercept;
      out[to + q] = logRest + logLogistic(-z);
      out[to + nodes + q] = Math.log(c + (1 - c) * logistic(z));
    }
  },
  evaluate(values, from, _categories, theta, { probability, score, curvature }) {
    const z = (values[from] ?? 0) * theta + (values[from + 1] ?? 0);
    const c = logistic(values[from + 2] ?? 0);
    const known = logistic(z);
    const unknown = logistic(-z);
    const p = c + (1 - c) * known;
    probability[0] = (1 - c) * unknown;
    probability[1] = p;
    const byZ = ((1 - c) * known * unknown) / p;
    const byG = (c * (1 - c) * unknown) / p;
    score[0] = -known * theta;
    score[1] = -known;
    score[2] = -c;
    score[3] = byZ * theta;
    score[4] = byZ;
    score[5] = byG;
    fill(curvature, 0, theta, -known * unknown, 0, -c * (1 - c));
    // P''/P − (P'/P)² for z, z and g, g
    const zz = byZ * (unknown - known) - byZ * byZ;
    const zg = -c * byZ - byZ * byG;
    const gg = byG * (1 - 2 * c) - byG * byG;
    fill(curvature, 9, theta, zz, zg, gg);
  },
};

/** The 3 × 3 matrix of second derivatives by α, d, g from those by z and g. */
function fill(matrix: Float64Array, at: number, theta: number, zz: number, zg: number, gg: number): void {
  matrix[at] = zz * theta * theta;
  matrix[at + 1] = zz * theta;
  matrix[at + 2] = zg * theta;
  matrix[at + 3] = zz * theta;
  matrix[at + 4] = zz;
  matrix[at + 5] = zg;
  matrix[at + 6] = zg * theta;
  matrix[at + 7] = zg;
  matrix[at + 8] = gg;
}
