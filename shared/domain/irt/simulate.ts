import { at, type Bank } from './bank.ts';
import { createCurves, evaluate } from './models/curves.ts';
import { type AdaptiveTest, createTest, type TestPlan } from './plan.ts';
import { checkSeed, normalOf, seedOf, uniformOf } from './rng.ts';
import { isEligible, type Usage } from './select/exposure.ts';
import { reduceSession, type SessionState, scoredAnswers, startSession } from './session.ts';
import type { StopReason } from './stop.ts';

export interface SimulationOptions {
  /** True abilities; by default `simulees` drawn from N(0, 1). */
  readonly thetas?: ArrayLike<number> | undefined;
  /** How many, without `thetas`; 1000 by default. */
  readonly simulees?: number | undefined;
  /** Simulee's response to an item; by default drawn from the item's probabilities at the true θ. */
  readonly respond?: ((simulee: number, item: number) => number) | undefined;
  /** 0 by default. */
  readonly seed?: number | undefined;
  /** Whether there is to be another simulee after so many; as many as there are by default. */
  readonly goesOn?: ((simulees: number) => boolean) | undefined;
  /** Called with each answer; what it throws ends the simulation. */
  readonly onAnswer?: (() => void) | undefined;
}

export interface SimulatedSession {
  readonly true_theta: number;
  readonly theta: number;
  readonly se: number;
  /** Scored items in the order given. */
  readonly items: readonly number[];
  readonly responses: readonly number[];
  readonly reason: StopReason | null;
}

export interface Simulation {
  readonly sessions: readonly SimulatedSession[];
  readonly summary: SimulationSummary;
  /** Share of sessions that were given the item [size]. */
  readonly exposure: Float64Array;
  /** By intervals of true θ of width 1. */
  readonly conditional: readonly ConditionalAccuracy[];
}

export interface SimulationSummary {
  readonly simulees: number;
  readonly mean_items: number;
  /** Divisor n. */
  readonly sd_items: number;
  readonly min_items: number;
  readonly max_items: number;
  /** Share of sessions that reached the plan's max_items. */
  readonly share_at_max_items: number;
  /** Mean of θ̂ − θ, root of its mean square, mean of its absolute value. */
  readonly bias: number;
  readonly rmse: number;
  readonly mae: number;
  /** Correlation of θ̂ and θ. */
  readonly correlation: number;
  readonly mean_se: number;
  readonly items_used: number;
  readonly items_never_used: number;
  readonly max_exposure: number;
  readonly items_over_20_percent: number;
  readonly items_over_30_percent: number;
  /** Mean share of items that two sessions have in common: Σ rate²/mean length (Barrada et al. 2009). */
  readonly overlap: number;
}

export interface ConditionalAccuracy {
  /** Interval [from, to) of true θ. */
  readonly from: number;
  readonly to: number;
  readonly simulees: number;
  readonly bias: number;
  readonly rmse: number;
  readonly mean_se: number;
  readonly mean_items: number;
}

/** Keys of the draws that belong to simulees. */
const ABILITY = 11;
const RESPONSE = 12;

/**
 * Runs a plan on simulated examinees, one session after another, through the same reducer as real ones. Exposure
 * control that needs usage sees that of the earlier sessions and of the running one. Equal seeds give equal results.
 *
 * @throws RangeError or TypeError for a plan that does not fit its bank, or options out of range
 */
export function simulate(bank: Bank, plan: TestPlan, options: SimulationOptions = {}): Simulation {
  const test = createTest(bank, plan);
  const { seed = 0, simulees = 1000, goesOn = () => true, onAnswer = () => undefined } = options;
  checkSeed(seed);
  if (!Number.isInteger(simulees) || simulees < 1)
    throw new RangeError(`simulees must be at least 1, not ${simulees}`);
  const thetas =
    options.thetas ?? Float64Array.from({ length: simulees }, (_, i) => normalOf(seed, ABILITY, i));
  const respond = options.respond ?? randomResponses(bank, thetas, seed);
  const usage = createUsage(bank);
  const sessions: SimulatedSession[] = [];
  for (let simulee = 0; simulee < thetas.length && (simulee === 0 || goesOn(simulee)); simulee++) {
    const answer = (item: number): number => {
      onAnswer();
      return respond(simulee, item);
    };
    const state = runSession(test, seedOf(seed, simulee), answer, usage);
    sessions.push(describe(test, state, at(thetas, simulee)));
  }
  const exposure = usage.administered.map((count) => count / sessions.length);
  return {
    sessions,
    exposure,
    summary: summarise(sessions, exposure, test.stop.max_items),
    conditional: byAbility(sessions),
  };
}

export function randomResponses(bank: Bank, thetas: ArrayLike<number>, seed: number) {
  const curves = createCurves();
  return (simulee: number, item: number): number => {
    evaluate(bank, item, at(thetas, simulee), curves);
    let left = uniformOf(seedOf(seed, simulee), RESPONSE, item);
    let category = 0;
    while (category < curves.categories - 1) {
      left -= at(curves.p, category);
      if (left < 0) break;
      category++;
    }
    return category;
  };
}

/** Usage that grows. */
export interface GrowingUsage extends Usage {
  sessions: number;
  readonly administered: Float64Array;
  readonly eligible: Float64Array;
}

export const createUsage = ({ size }: Bank): GrowingUsage => ({
  sessions: 0,
  administered: new Float64Array(size),
  eligible: new Float64Array(size),
});

/** One session from start to end without clock; `usage` takes part, and counts it. */
export function runSession(
  test: AdaptiveTest,
  seed: number,
  respond: (item: number) => number,
  usage: GrowingUsage,
  watch?: (state: SessionState) => void,
): SessionState {
  const { exposure, bank } = test;
  const circumstances = { now: 0, usage };
  const before =
    exposure.eligibility === undefined ? null : { ...usage, administered: usage.administered.slice() };
  let state = startSession(test, { seed }, circumstances);
  while (state.pending !== null) {
    watch?.(state);
    const { n, item } = state.pending;
    usage.administered[item] = at(usage.administered, item) + 1;
    const action = { type: 'answer', n, item, response: respond(item), milliseconds: 0 } as const;
    ({ state } = reduceSession(test, state, action, circumstances));
  }
  if (before !== null)
    for (let item = 0; item < bank.size; item++)
      if (isEligible(exposure, before, seed, item)) usage.eligible[item] = at(usage.eligible, item) + 1;
  usage.sessions++;
  return state;
}

function describe(test: AdaptiveTest, state: SessionState, true_theta: number): SimulatedSession {
  const { items, responses } = scoredAnswers(test, state);
  return {
    true_theta,
    theta: state.theta,
    se: state.se,
    items: Array.from(items),
    responses: Array.from(responses),
    reason: state.reason,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function summarise(
  sessions: readonly SimulatedSession[],
  exposure: Float64Array,
  longest: number,
): SimulationSummary {
  const lengths = sessions.map(({ items }) => items.length);
  const errors = sessions.map(({ theta, true_theta }) => theta - true_theta);
  const mean_items = mean(lengths);
  const used = exposure.filter((rate) => rate > 0).length;
  return {
    simulees: sessions.length,
    mean_items,
    sd_items: Math.sqrt(mean(lengths.map((length) => (length - mean_items) ** 2))),
    min_items: lengths.reduce((least, length) => Math.min(least, length)),
    max_items: lengths.reduce((most, length) => Math.max(most, length)),
    share_at_max_items: lengths.filter((length) => length >= longest).length / lengths.length,
    bias: mean(errors),
    rmse: Math.sqrt(mean(errors.map((error) => error * error))),
    mae: mean(errors.map(Math.abs)),
    correlation: correlation(
      sessions.map(({ theta }) => theta),
      sessions.map(({ true_theta }) => true_theta),
    ),
    mean_se: mean(sessions.map(({ se }) => se)),
    items_used: used,
    items_never_used: exposure.length - used,
    max_exposure: exposure.reduce((most, rate) => Math.max(most, rate)),
    items_over_20_percent: exposure.filter((rate) => rate > 0.2).length,
    items_over_30_percent: exposure.filter((rate) => rate > 0.3).length,
    overlap: exposure.reduce((sum, rate) => sum + rate * rate, 0) / mean_items,
  };
}

function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [mx, my] = [mean(xs), mean(ys)];
  let [xx, yy, xy] = [0, 0, 0];
  xs.forEach((x, i) => {
    const y = at(ys, i);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
    xy += (x - mx) * (y - my);
  });
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

function byAbility(sessions: readonly SimulatedSession[]): ConditionalAccuracy[] {
  const groups = new Map<number, SimulatedSession[]>();
  for (const session of sessions) {
    const from = Math.floor(session.true_theta);
    groups.set(from, [...(groups.get(from) ?? []), session]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([from, members]) => {
      const errors = members.map(({ theta, true_theta }) => theta - true_theta);
      return {
        from,
        to: from + 1,
        simulees: members.length,
        bias: mean(errors),
        rmse: Math.sqrt(mean(errors.map((error) => error * error))),
        mean_se: mean(members.map(({ se }) => se)),
        mean_items: mean(members.map(({ items }) => items.length)),
      };
    });
}
