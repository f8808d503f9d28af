import { logistic, logLogistic } from '../calibrate/kernels/kernel.ts';
import { solveSymmetric } from '../calibrate/linear-algebra.ts';

export interface LogisticFit {
  readonly coefficients: Float64Array;
  /** −2 ln likelihood. */
  readonly deviance: number;
  readonly converged: boolean;
}

/** One person, or several alike. */
export interface LogisticCase {
  /** Predictors, with the constant 1. */
  readonly x: readonly number[];
  readonly right: boolean;
  readonly count: number;
}

const MOST_STEPS = 60;
const HALVINGS = 20;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares), with halved steps where the
 * likelihood would fall.
 * @throws RangeError for no cases
 */
export function logisticRegression(cases: readonly LogisticCase[]): LogisticFit {
  const size = cases[0]?.x.length ?? 0;
  if (size === 0) throw new RangeError('a logistic regression needs cases');
  let coefficients = new Float64Array(size);
  let deviance = devianceAt(cases, coefficients);
  for (let step = 0; step < MOST_STEPS; step++) {
    const direction = newtonStep(cases, coefficients);
    if (direction === null) return { coefficients, deviance, converged: false };
    let scale = 1;
    let next = coefficients;
    let nextDeviance = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < HALVINGS && !(nextDeviance <= deviance + 1e-9); halving++, scale /= 2) {
      next = coefficients.map((value, i) => value + scale * (direction[i] ?? 0));
      nextDeviance = devianceAt(cases, next);
    }
    const longest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    coefficients = next;
    deviance = nextDeviance;
    if (longest < 1e-10) return { coefficients, deviance, converged: true };
  }
  return { coefficients, deviance, converged: false };
}

const linear = (x: readonly number[], coefficients: Float64Array): number =>
  x.reduce((sum, value, i) => sum + value * (coefficients[i] ?? 0), 0);

function devianceAt(cases: readonly LogisticCase[], coefficients: Float64Array): number {
  let sum = 0;
  for (const { x, right, count } of cases) {
    const z = linear(x, coefficients);
    sum -= 2 * count * logLogistic(right ? z : -z);
  }
  return sum;
}

/** null where the predictors are collinear, or everything is predicted surely. */
function newtonStep(cases: readonly LogisticCase[], coefficients: Float64Array): Float64Array | null {
  const size = coefficients.length;
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  for (const { x, right, count } of cases) {
    const p = logistic(linear(x, coefficients));
    const miss = count * ((right ? 1 : 0) - p);
    const weight = count * p * (1 - p);
    for (let i = 0; i < size; i++) {
      const xi = x[i] ?? 0;
      gradient[i] = (gradient[i] ?? 0) + miss * xi;
      for (let j = 0; j < size; j++)
        information[i * size + j] = (information[i * size + j] ?? 0) + weight * xi * (x[j] ?? 0);
    }
  }
  return solveSymmetric(information, size, gradient) ? gradient : null;
}
