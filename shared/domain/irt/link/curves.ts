import { at, type Bank, LOGISTIC } from '../bank.ts';
import { createCurves, evaluate } from '../models/curves.ts';
import type { Scale } from './transform.ts';

export type CurveMethod = 'haebara' | 'stocking_lord';

interface Quadrature {
  readonly nodes: number;
  readonly lower: number;
  readonly upper: number;
}

/** Least squares at one scale: Σ r², its gradient, and JᵀJ of the residuals, by A and B. */
interface Squares {
  criterion: number;
  readonly gradient: [number, number];
  readonly normal: [number, number, number];
}

const MOST_STEPS = 500;
const SMALLEST_STEP = 1e-14;

/**
 * Levenberg & Marquardt's method. A new item on the old scale is P_new((θ − B)/A), so that the residuals' derivatives
 * need only dP/dθ: with t = (θ − B)/A, ∂P/∂A = −P'(t) t/A and ∂P/∂B = −P'(t)/A.
 */
export function minimiseCurves(
  before: Bank,
  after: Bank,
  method: CurveMethod,
  start: Scale,
  quadrature: Quadrature,
): { readonly scale: Scale; readonly criterion: number } {
  const { nodes, weights } = normalNodes(quadrature);
  const squaresAt = (scale: Scale) => squares(before, after, method, scale, nodes, weights);
  let scale = start;
  let here = squaresAt(scale);
  let damping = 1e-4;
  for (let step = 0; step < MOST_STEPS; step++) {
    const [aa, ab, bb] = here.normal;
    const [p, q] = [aa * (1 + damping), bb * (1 + damping)];
    const determinant = p * q - ab * ab;
    const dA = -(q * here.gradient[0] - ab * here.gradient[1]) / determinant;
    const dB = -(p * here.gradient[1] - ab * here.gradient[0]) / determinant;
    const next = { A: scale.A + dA, B: scale.B + dB };
    const there = next.A > 0 ? squaresAt(next) : undefined;
    if (there !== undefined && there.criterion <= here.criterion) {
      [scale, here] = [next, there];
      damping = Math.max(1e-12, damping / 10);
    } else {
      damping *= 10;
    }
    if (!(Math.abs(dA) + Math.abs(dB) > SMALLEST_STEP)) break;
  }
  return { scale, criterion: here.criterion };
}

function normalNodes({ nodes: count, lower, upper }: Quadrature): {
  nodes: Float64Array;
  weights: Float64Array;
} {
  if (
    !(
      Number.isInteger(count) &&
      count >= 2 &&
      Number.isFinite(lower) &&
      Number.isFinite(upper) &&
      lower < upper
    )
  )
    throw new RangeError(`there are no ${count} nodes on [${lower}, ${upper}]`);
  const nodes = Float64Array.from({ length: count }, (_, q) => lower + (q * (upper - lower)) / (count - 1));
  const density = nodes.map((theta) => Math.exp(-0.5 * theta * theta));
  const total = density.reduce((sum, value) => sum + value, 0);
  return { nodes, weights: density.map((value) => value / total) };
}

const oldCurves = createCurves();
const newCurves = createCurves();

function squares(
  before: Bank,
  after: Bank,
  method: CurveMethod,
  { A, B }: Scale,
  nodes: Float64Array,
  weights: Float64Array,
): Squares {
  const sums: Squares = { criterion: 0, gradient: [0, 0], normal: [0, 0, 0] };
  const add = (weight: number, residual: number, slope: number, t: number): void => {
    const byA = (slope * t) / A;
    const byB = slope / A;
    sums.criterion += weight * residual * residual;
    sums.gradient[0] += weight * residual * byA;
    sums.gradient[1] += weight * residual * byB;
    sums.normal[0] += weight * byA * byA;
    sums.normal[1] += weight * byA * byB;
    sums.normal[2] += weight * byB * byB;
  };
  for (let q = 0; q < nodes.length; q++) {
    const theta = at(nodes, q);
    const t = (theta - B) / A;
    let [difference, slope] = [0, 0];
    for (let item = 0; item < before.size; item++) {
      evaluate(before, item, theta, oldCurves);
      evaluate(after, item, t, newCurves);
      // right and wrong differ by the same: the right answer alone counts
      const lowest = before.family[item] === LOGISTIC ? 1 : 0;
      for (let k = lowest; k < oldCurves.categories; k++) {
        const away = at(oldCurves.p, k) - at(newCurves.p, k);
        const bend = at(newCurves.p, k) * at(newCurves.u, k);
        if (method === 'haebara') add(at(weights, q), away, bend, t);
        difference += k * away;
        slope += k * bend;
      }
    }
    if (method === 'stocking_lord') add(at(weights, q), difference, slope, t);
  }
  return sums;
}
