import { type Kernel, logistic, logLogistic } from './kernel.ts';

/**
 * GRM (Samejima 1969): parameters α, d_1 > … > d_{K−1}; with x = αθ + d_k and y = αθ + d_{k+1},
 * P_k = σ(x) − σ(y) = σ(x) σ(−y) (1 − e^{y−x}), where σ(x) = 1 for k = 0 and σ(−y) = 1 for the last category.
 * With v = 1/(e^{x−y} − 1): ∂ ln P/∂x = σ(−x) + v, ∂ ln P/∂y = −σ(y) − v, and the second derivatives are
 * −σ(x)σ(−x) − v(1 + v), −σ(y)σ(−y) − v(1 + v), and v(1 + v) for x, y.
 */
export const gradedKernel: Kernel = {
  size: (categories) => categories,
  linear: false,
  logProbabilities(values, from, categories, theta, out, to) {
    const nodes = theta.length;
    const slope = values[from] ?? 0;
    for (let k = 0; k < categories; k++) {
      const upper = values[from + k] ?? 0;
      const lower = values[from + k + 1] ?? 0;
      const first = k === 0;
      const last = k === categories - 1;
      const apart = first || last ? 0 : Math.log(-Math.expm1(lower - upper));
      for (let q = 0; q < nodes; q++) {
        const z = slope * (theta[q] ?? 0);
        const above = first ? 0 : logLogistic(z + upper);
        const below = last ? 0 : logLogistic(-z - lower);
        out[to + k * nodes + q] = above + below + apart;
      }
    }
  },
  evaluate(values, from, categories, theta, { probability, score, curvature }) {
    const z = (values[from] ?? 0) * theta;
    score.fill(0);
    curvature.fill(0);
    for (let k = 0; k < categories; k++) {
      const upper = values[from + k] ?? 0;
      const lower = values[from + k + 1] ?? 0;
      const first = k === 0;
      const last = k === categories - 1;
      const above = first ? 1 : logistic(z + upper);
      const notAbove = first ? 0 : logistic(-z - upper);
      const below = last ? 0 : logistic(z + lower);
      const notBelow = last ? 1 : logistic(-z - lower);
      const inner = !first && !last;
      probability[k] = above * notBelow * (inner ? -Math.expm1(lower - upper) : 1);
      const v = inner ? 1 / Math.expm1(upper - lower) : 0;
      const mixed = v * (1 + v);
      const row = k * categories;
      const square = row * categories;
      if (!first) {
        addScore(score, row, k, notAbove + v, theta);
        addCurvature(curvature, square, categories, k, k, -above * notAbove - mixed, theta);
      }
      if (!last) {
        addScore(score, row, k + 1, -below - v, theta);
        addCurvature(curvature, square, categories, k + 1, k + 1, -below * notBelow - mixed, theta);
      }
      if (inner) {
        addCurvature(curvature, square, categories, k, k + 1, mixed, theta);
        addCurvature(curvature, square, categories, k + 1, k, mixed, theta);
      }
    }
  },
};

function addScore(score: Float64Array, row: number, intercept: number, value: number, theta: number): void {
  score[row] = (score[row] ?? 0) + value * theta;
  score[row + intercept] = value;
}

/** Derivative by d_i, then by d_j, and what follows for α. */
function addCurvature(
  matrix: Float64Array,
  square: number,
  n: number,
  i: number,
  j: number,
  value: number,
  theta: number,
): void {
  add(matrix, square, value * theta * theta);
  add(matrix, square + j, value * theta);
  add(matrix, square + i * n, value * theta);
  add(matrix, square + i * n + j, value);
}

function add(matrix: Float64Array, at: number, value: number): void {
  matrix[at] = (matrix[at] ?? 0) + value;
}
