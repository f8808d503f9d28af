import { at } from '../bank.ts';
import { beyondBounds, putAtBounds } from './bounds.ts';
import { type Grid, type GridRule, gridFor, suffices } from './grid.ts';
import { type Layout, withHeld } from './layout.ts';
import { createMarginal, type Marginal, type Problem } from './marginal.ts';
import { type Polish, polish } from './newton.ts';
import { createObserver } from './observed-information.ts';
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
  /** Items of which a parameter ran away and is held at its bound: a slope of ±20 or c = 0. */
  readonly held: readonly number[];
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
  /** With what was held left out. */
  readonly layout: Layout;
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
  normal: { rule: { halfWidth: 6, spacing: 0.25, accuracy: 23 }, distance: 1e-6, change: 1e-6 },
  tight: { rule: { halfWidth: 8, spacing: 0.1, accuracy: 30 }, distance: 1e-9, change: 1e-9 },
};

/** EM hands over to Newton when a step moves less than this, then less than a tenth, … if that was too early. */
const HANDOVER = 3e-3;
const MOST_NEWTON_STEPS = 8;
const MOST_TURNS = 12;

/**
 * Climbs to the maximum, starting on the coarser grid; changes to a finer or wider one as soon as the items' slopes
 * or the persons' spread ask for it, and holds at its bound what would run away.
 * @param values in place
 */
export function ascend(
  problem: Problem,
  values: Float64Array,
  { mode, mostCycles, newton }: Precision,
): Ascent {
  const target = targets[mode];
  const usesNewton = newton && problem.latent !== 'histogram';
  const climber = createClimber(problem, values, target.rule);
  const trace: number[] = [];
  let newton_steps = 0;
  let tolerance = usesNewton ? HANDOVER : target.change;
  let end = unpolished;
  let settled = false;
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    ({ settled } = climb(
      climber.marginal,
      climber.layout,
      values,
      tolerance,
      mostCycles - trace.length,
      trace,
    ));
    const moved = climber.adjust();
    if (!usesNewton) {
      if (!moved || trace.length >= mostCycles) break;
      continue;
    }
    end = climber.polish(target.distance, MOST_NEWTON_STEPS);
    newton_steps += end.steps;
    const adjusted = climber.adjust();
    // what was found belongs to another grid, or to other parameters
    if (adjusted) end = unpolished;
    if (end.reached || trace.length >= mostCycles) break;
    if (!end.reached && !adjusted) tolerance /= 10;
  }
  // weights at the nodes have no second derivatives here: standard errors are given them
  if (newton && problem.latent === 'histogram') end = climber.polish(Number.POSITIVE_INFINITY, 0);
  climber.marginal.evaluate(values);
  const { theta } = climber.marginal.expectation.grid;
  return {
    marginal: climber.marginal,
    layout: climber.layout,
    covariance: end.covariance,
    report: {
      converged: usesNewton ? end.reached : settled,
      cycles: trace.length,
      evaluations: climber.evaluations,
      newton_steps,
      distance: end.distance,
      gradient: end.gradient,
      held: climber.heldItems,
      trace,
      grid: { nodes: theta.length, lower: at(theta, 0), upper: at(theta, theta.length - 1) },
    },
  };
}

const unpolished: Polish = {
  reached: false,
  steps: 0,
  distance: Number.NaN,
  gradient: Number.NaN,
  covariance: null,
};

/** The objective at hand, on a grid and with held values that follow the estimates. */
interface Climber {
  readonly marginal: Marginal;
  readonly layout: Layout;
  readonly evaluations: number;
  /** Items of which a value is held at its bound. */
  readonly heldItems: readonly number[];
  /** Holds what is beyond its bound, and makes the grid fine enough; whether anything was to do. */
  adjust(): boolean;
  polish(tolerance: number, mostSteps: number): Polish;
}

function createClimber(whole: Problem, values: Float64Array, rule: GridRule): Climber {
  let problem = whole;
  let marginal = createMarginal(problem, neededGrid(targets.normal.rule, problem.layout, values));
  let before = 0;
  const heldItems = new Set<number>();
  return {
    get marginal() {
      return marginal;
    },
    get layout() {
      return problem.layout;
    },
    get evaluations() {
      return before + marginal.evaluations;
    },
    get heldItems() {
      return [...heldItems].sort((a, b) => a - b);
    },
    adjust() {
      const { layout, latent } = problem;
      const beyond = beyondBounds(layout, values);
      const needed = neededGrid(rule, layout, values, marginal);
      const fine = suffices(marginal.expectation.grid, needed, at(values, layout.sd));
      if (beyond.length === 0 && fine) return false;
      putAtBounds(layout, values, beyond);
      layout.items.forEach((_, item) => {
        if (beyond.some((v) => v >= at(layout.from, item) && v < at(layout.from, item + 1)))
          heldItems.add(item);
      });
      problem = { ...problem, layout: withHeld(layout, beyond) };
      before += marginal.evaluations;
      const grid = fine ? marginal.expectation.grid : neededGrid(rule, problem.layout, values, marginal);
      const histogram = fine && latent === 'histogram' ? marginal.logWeights : undefined;
      marginal = createMarginal(problem, grid, histogram);
      return true;
    },
    polish(tolerance, mostSteps) {
      const observeAt = createObserver(problem, marginal);
      return polish(marginal, problem.layout, values, observeAt, tolerance, mostSteps);
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
