/** What is left of a diagonal entry, as a share of it, where nothing but rounding is left. */
const SINGULAR = 1e-13;

/**
 * Cholesky factor of a symmetric positive definite matrix, row by row, in place of its lower triangle.
 * @param a [n][n]
 * @returns whether the matrix is positive definite (if not, `a` is left half done)
 */
export function choleskyInPlace(a: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      const given = a[i * n + j] ?? 0;
      let sum = given;
      for (let k = 0; k < j; k++) sum -= (a[i * n + k] ?? 0) * (a[j * n + k] ?? 0);
      if (i === j) {
        if (!(sum > SINGULAR * given) || sum === Number.POSITIVE_INFINITY) return false;
        a[j * n + j] = Math.sqrt(sum);
      } else {
        a[i * n + j] = sum / (a[j * n + j] ?? 1);
      }
    }
  }
  return true;
}

/** Solves L Lᵀ x = y in place of y, with the factor of `choleskyInPlace`. */
export function solveWithCholesky(factor: Float64Array, n: number, y: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let sum = y[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (factor[i * n + k] ?? 0) * (y[k] ?? 0);
    y[i] = sum / (factor[i * n + i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = y[i] ?? 0;
    for (let k = i + 1; k < n; k++) sum -= (factor[k * n + i] ?? 0) * (y[k] ?? 0);
    y[i] = sum / (factor[i * n + i] ?? 1);
  }
}

/** (L Lᵀ)⁻¹, whole and symmetric. */
export function invertWithCholesky(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    solveWithCholesky(factor, n, column);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i] ?? 0;
  }
  return inverse;
}

/** Solves the symmetric positive definite a x = y in place of y; false if a is not positive definite. */
export function solveSymmetric(a: Float64Array, n: number, y: Float64Array): boolean {
  if (!choleskyInPlace(a, n)) return false;
  solveWithCholesky(a, n, y);
  return true;
}
