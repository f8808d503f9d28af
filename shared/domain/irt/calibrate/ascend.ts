import { at } from '../bank.ts';
import { type Grid, type GridRule, gridFor, suffices } from './grid.ts';
import type { Layout } from './layout.ts';
import { createMarginal, type LatentKind, type Marginal } from './marginal.ts';
import { type Polish, polish } from './newton.ts';
import { observe } from './observed-information.ts';
import type { Priors } from './priors.ts';
import type { Patterns } from './responses.ts';
import { climb } from './squarem.ts';

/** How the maximum was found, and how near. */
export interface ConvergenceReport {
  readonly converged: boolean;
  readonly cycles: number;
  /** E-steps. */
  readonly evaluations: number;
  readonly newton_steps: number;
  /** Largest entry of Newton's next step in slopes and intercepts: the distance to the maximum; NaN if unknown. */
  readonly distance: number;
  /** Largest entry of the gradient; NaN if unknown. */
  readonly gradient: number;
  /** Log-likelihood + ln prior at the beginning of each cycle. */
  readonly trace: readonly number[];
  readonly grid: { readonly nodes: number; readonly lower: number; readonly upper: number };
}

export interface Precision {
  readonly mode: 'normal' | 'tight';
  readonly mostCycles: number;
  /** Whether Newton's steps end the ascent; else EM goes on until it hardly moves. */
  readonly newton: boolean;
}

export interface Ascent {
  /** At the values of the end. */
  readonly marginal: Marginal;
  readonly report: ConvergenceReport;
  readonly covariance: Float64Array | null;
}

interface Target {
  readonly rule: GridRule;
  /** Largest distance from the maximum after Newton's steps, in slopes and intercepts. */
  readonly distance: number;
  /** Largest last step of EM where it has no Newton after it. */
  readonly change: number;
}

const targets: Readonly<Record<Precision['mode'], Target>> = {
  normal: { rule: { halfWidth: 6, spacing: 0.2, accuracy: 23 }, distance: 1e-6, change: 1e-6 },
  tight: { rule: { halfWidth: 8, spacing: 0.1, accuracy: 30 }, distance: 1e-9, change: 1e-9 },
};

/** EM hands over to Newton when a step moves less than this, then less than a tenth, … if that was too early. */
const HANDOVER = 3e-3;
const MOST_NEWTON_STEPS = 8;
const MOST_TURNS = 12;

/**
 * Climbs to the maximum, starting on the coarser grid; changes to a finer or wider one as soon as the items' slopes
 * or the persons' spread ask for it.
 * @param values in place
 */
export function ascend(
  patterns: Patterns,
  layout: Layout,
  priors: Priors,
  kind: LatentKind,
  values: Float64Array,
  { mode, mostCycles, newton }: Precision,
): Ascent {
  const target = targets[mode];
  const usesNewton = newton && kind !== 'histogram';
  const trace: number[] = [];
  let marginal = createMarginal(
    patterns,
    layout,
    priors,
    kind,
    neededGrid(targets.normal.rule, layout, values),
  );
  let evaluations = 0;
  let newton_steps = 0;
  let tolerance = usesNewton ? HANDOVER : target.change;
  let end: Polish = {
    reached: false,
    steps: 0,
    distance: Number.NaN,
    gradient: Number.NaN,
    covariance: null,
  };
  let settled = false;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    ({ settled } = climb(marginal, layout, values, tolerance, mostCycles - trace.length, trace));
    const needed = neededGrid(target.rule, layout, values, marginal);
    if (!suffices(marginal.expectation.grid, needed, at(values, layout.sd))) {
      evaluations += marginal.evaluations;
      marginal = createMarginal(patterns, layout, priors, kind, needed);
      if (!usesNewton) continue;
    }
    if (!usesNewton) break;
    const observeAt = (v: Float64Array) => observe(patterns, layout, priors, kind, marginal, v);
    end = polish(marginal, layout, values, observeAt, target.distance, MOST_NEWTON_STEPS);
    newton_steps += end.steps;
    const fine = suffices(
      marginal.expectation.grid,
      neededGrid(target.rule, layout, values, marginal),
      at(values, layout.sd),
    );
    if ((end.reached && fine) || trace.length >= mostCycles) break;
    if (!end.reached) tolerance /= 10;
  }
  if (newton && kind === 'histogram')
    end = polish(marginal, layout, values, (v) => observe(patterns, layout, priors, kind, marginal, v), 0, 0);
  marginal.evaluate(values);
  const { theta } = marginal.expectation.grid;
  return {
    marginal,
    covariance: end.covariance,
    report: {
      converged: usesNewton ? end.reached : settled,
      cycles: trace.length,
      evaluations: evaluations + marginal.evaluations,
      newton_steps,
      distance: end.distance,
      gradient: end.gradient,
      trace,
      grid: { nodes: theta.length, lower: at(theta, 0), upper: at(theta, theta.length - 1) },
    },
  };
}

/** The grid that the slopes (and, once known, the information) at `values` ask for. */
function neededGrid(rule: GridRule, layout: Layout, values: Float64Array, marginal?: Marginal): Grid {
  let steepest = 0;
  layout.items.forEach(({ fixed }, item) => {
    const slope = fixed === undefined ? at(values, at(layout.from, item)) : layout.D * (fixed.a ?? 1);
    steepest = Math.max(steepest, Math.abs(slope));
  });
  const information = marginal?.expectation.information() ?? 0;
  return gridFor(rule, at(values, layout.mean), at(values, layout.sd), steepest, information);
}
