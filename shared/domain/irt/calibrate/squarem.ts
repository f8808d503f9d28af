import { at } from '../bank.ts';
import { beyondBounds } from './bounds.ts';
import { gather, isFeasible, type Layout, scatter } from './layout.ts';
import type { Marginal } from './marginal.ts';

/** What `climb` did. */
export interface Climb {
  readonly cycles: number;
  /** Whether a step of EM moved no parameter by more than the tolerance. */
  readonly settled: boolean;
}

/** An extrapolation may lower the objective by rounding. */
const SLACK = 1e-9;

/**
 * EM with squared extrapolation (SQUAREM, Varadhan & Roland 2008, steplength S3): of two steps r = x1 − x0 and
 * v = (x2 − x1) − r it takes x0 − 2αr + α²v with α = −|r|/|v|, then one EM step from there, and keeps x2 where that
 * is no model or lowers the objective.
 *
 * Ends early where a value runs away beyond its bounds.
 *
 * @param values in place
 * @param trace the objective, one entry a cycle
 */
export function climb(
  marginal: Marginal,
  layout: Layout,
  values: Float64Array,
  tolerance: number,
  mostCycles: number,
  trace: number[],
): Climb {
  let longest = 4;
  for (let cycle = 1; cycle <= mostCycles; cycle++) {
    const x0 = gather(layout, values);
    trace.push(marginal.evaluate(values));
    marginal.improve(values);
    const x1 = gather(layout, values);
    if (largestChange(x0, x1) < tolerance) return { cycles: cycle, settled: true };
    if (beyondBounds(layout, values).some((v) => isFurther(layout, x0, x1, v)))
      return { cycles: cycle, settled: false };
    const objective = marginal.evaluate(values);
    marginal.improve(values);
    const x2 = gather(layout, values);
    const second = values.slice();
    const length = Math.min(stepLength(x0, x1, x2), longest);
    if (length <= 1) continue;
    scatter(layout, extrapolated(x0, x1, x2, length), values);
    const better = isFeasible(layout, values) && marginal.evaluate(values) >= objective - SLACK;
    if (better) {
      marginal.improve(values);
      if (length === longest) longest *= 4;
    } else {
      values.set(second);
      longest = Math.max(1, longest / 4);
    }
  }
  return { cycles: mostCycles, settled: false };
}

/** Whether EM itself, and not only an extrapolation, moves a value away. */
const isFurther = ({ free }: Layout, x0: Float64Array, x1: Float64Array, value: number): boolean =>
  Math.abs(at(x1, at(free, value))) > Math.abs(at(x0, at(free, value)));

/** −α. */
function stepLength(x0: Float64Array, x1: Float64Array, x2: Float64Array): number {
  let [rr, vv] = [0, 0];
  for (let i = 0; i < x0.length; i++) {
    const r = at(x1, i) - at(x0, i);
    const v = at(x2, i) - at(x1, i) - r;
    rr += r * r;
    vv += v * v;
  }
  return vv > 0 ? Math.sqrt(rr / vv) : 1;
}

function extrapolated(x0: Float64Array, x1: Float64Array, x2: Float64Array, length: number): Float64Array {
  return x0.map((x, i) => {
    const r = at(x1, i) - x;
    const v = at(x2, i) - at(x1, i) - r;
    return x + 2 * length * r + length * length * v;
  });
}

export function largestChange(from: Float64Array, to: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < from.length; i++) largest = Math.max(largest, Math.abs(at(to, i) - at(from, i)));
  return largest;
}
