import { at } from '../bank.ts';
import { gather, isFeasible, type Layout, scatter } from './layout.ts';
import { choleskyInPlace, invertWithCholesky, solveWithCholesky } from './linear-algebra.ts';
import type { Marginal } from './marginal.ts';
import type { Observed } from './observed-information.ts';

/** Where Newton's steps ended. */
export interface Polish {
  /** Whether the maximum is within the tolerance. */
  readonly reached: boolean;
  readonly steps: number;
  /** Newton's next step, the largest entry: how far the maximum is, in logits. */
  readonly distance: number;
  readonly gradient: number;
  /** Inverse of the observed information, or null where it is not positive definite. */
  readonly covariance: Float64Array | null;
}

const HALVINGS = 4;
/** Newton's steps are meant for the neighbourhood of the maximum. */
const LONGEST = 2;

/**
 * Newton's steps with the observed information, from where EM becomes slow.
 *
 * @param values in place
 * @param observeAt objective, gradient and information
 */
export function polish(
  marginal: Marginal,
  layout: Layout,
  values: Float64Array,
  observeAt: (values: Float64Array) => Observed,
  tolerance: number,
  mostSteps: number,
): Polish {
  const n = layout.parameters;
  for (let steps = 0; ; steps++) {
    const { objective, gradient, information } = observeAt(values);
    const steepness = largest(gradient);
    const definite = choleskyInPlace(information, n);
    if (!definite)
      return { reached: false, steps, distance: Number.NaN, gradient: steepness, covariance: null };
    solveWithCholesky(information, n, gradient);
    const distance = largest(gradient);
    const reached = distance <= tolerance;
    if (reached || steps === mostSteps || !advance(marginal, layout, values, gradient, objective)) {
      const covariance = invertWithCholesky(information, n);
      return { reached, steps, distance, gradient: steepness, covariance };
    }
  }
}

/** Goes the step, or half of it, … as far as the objective does not fall. */
function advance(
  marginal: Marginal,
  layout: Layout,
  values: Float64Array,
  step: Float64Array,
  objective: number,
): boolean {
  const before = values.slice();
  const origin = gather(layout, values);
  let scale = Math.min(1, LONGEST / largest(step));
  for (let halving = 0; halving <= HALVINGS; halving++, scale /= 2) {
    scatter(
      layout,
      origin.map((x, i) => x + scale * at(step, i)),
      values,
    );
    // rounding of a sum over thousands of persons
    const slack = 1e-13 * Math.abs(objective);
    if (isFeasible(layout, values) && marginal.evaluate(values) >= objective - slack) return true;
  }
  values.set(before);
  return false;
}

const largest = (vector: Float64Array): number => vector.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
