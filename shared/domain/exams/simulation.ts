import {
  findExposureParameters,
  normalOf,
  type SimulatedSession,
  type Simulation,
  type SimulationSummary,
  simulate,
  type TestPlan,
} from '../irt/index.ts';
import type { LoadedBank } from '../items/loaded.ts';
import type { ExamConfig } from './config.ts';
import { checked, groupsOf, planOf, testOf } from './plan.ts';
import { type SimulationWarning, warningsOf } from './simulation-warnings.ts';

export type Abilities =
  | { readonly mean: number; readonly sd: number }
  | { readonly from: number; readonly to: number; readonly steps: number };

export interface ExamSimulationOptions {
  readonly simulees: number;
  readonly seed: number;
  readonly theta: Abilities;
  /** How long it may take, by `clock` in milliseconds; fewer simulees otherwise. */
  readonly budget_ms: number;
  readonly clock: () => number;
}

export interface ExamSimulation {
  readonly truncated: boolean;
  readonly summary: SimulationSummary;
  readonly conditional: readonly {
    readonly from: number;
    readonly to: number;
    readonly simulees: number;
    readonly bias: number;
    readonly rmse: number;
    readonly mean_se: number;
    readonly mean_items: number;
  }[];
  readonly lengths: readonly { readonly items: number; readonly sessions: number }[];
  readonly stop_reasons: readonly { readonly reason: string; readonly sessions: number }[];
  readonly exposure: readonly { readonly item_id: string; readonly rate: number }[];
  readonly exposure_rates: readonly number[];
  readonly never_used: readonly string[];
  readonly groups: readonly { readonly name: string; readonly wanted: number; readonly given: number }[];
  readonly sympson_hetter: { readonly max_exposure: readonly number[]; readonly converged: boolean } | null;
  readonly warnings: readonly SimulationWarning[];
  /** Exposure parameters that were found; null where the plan asks for none. */
  readonly k: readonly number[] | null;
}

/** With fewer simulees a simulation tells nothing; as many tell how long one takes. */
const fewest = 20;
const mostListed = 100;
const mostRates = 1000;
const ABILITY = 21;

/** A plan that takes so long that a simulation of it would tell nothing. */
export class TooSlow extends Error {
  constructor(budget_ms: number) {
    super(
      `Fewer than ${fewest} tests could be simulated in ${Math.round(budget_ms / 1000)} seconds. Choose a simpler criterion or estimator, fewer nodes or constraints, or a shorter test.`,
    );
    this.name = 'TooSlow';
  }
}

/** Time that runs. */
interface Timer {
  /** What is left of the budget, from 1 to 0. */
  readonly left: () => number;
  readonly budget_ms: number;
  readonly clock: () => number;
}

function timerOf({ clock, budget_ms }: ExamSimulationOptions): Timer {
  const started = clock();
  return { clock, budget_ms, left: () => Math.max(0, 1 - (clock() - started) / budget_ms) };
}

/** For what may take up to that share of the budget. @throws TooSlow */
const within =
  ({ left, budget_ms }: Timer, share: number) =>
  (): void => {
    if (left() <= 1 - share) throw new TooSlow(budget_ms);
  };

/** What describing the sessions may take. */
const margin = 0.1;

/**
 * Runs a plan on simulated students, through the same engine as real ones. Equal options give equal results, as long as
 * there is time for all simulees.
 *
 * @throws PlanProblem for a configuration that does not fit the bank, TooSlow for one that there is no time for
 */
export function simulateExam(
  bank: LoadedBank,
  config: ExamConfig,
  options: ExamSimulationOptions,
): ExamSimulation {
  const timer = timerOf(options);
  testOf(bank, config);
  const thetas = abilities(options);
  const plain = planOf(bank, config, null);
  const found = exposureParameters(bank, config, plain, { options, timer, thetas });
  const plan = found === null ? plain : planOf(bank, config, found.k);
  const simulation = checked(() =>
    simulate(bank.engine, plan, {
      thetas,
      seed: options.seed,
      goesOn: (simulees) => simulees < fewest || timer.left() > margin,
      onAnswer: within(timer, 1),
    }),
  );
  return described(bank, config, simulation, found, simulation.sessions.length < thetas.length);
}

/** True θ of each simulee; along a grid in turn, so that the first of them cover it too. */
function abilities({ simulees, seed, theta }: ExamSimulationOptions): Float64Array {
  if ('mean' in theta)
    return Float64Array.from(
      { length: simulees },
      (_, i) => theta.mean + theta.sd * normalOf(seed, ABILITY, i),
    );
  const { from, to, steps } = theta;
  return Float64Array.from({ length: simulees }, (_, i) => from + ((to - from) * (i % steps)) / (steps - 1));
}

type Found = ReturnType<typeof findExposureParameters> | null;

const mostRounds = 20;
/** Of one round of the search; with fewer a rate is hardly more than chance. */
const fewestSearched = 100;

interface Search {
  readonly options: ExamSimulationOptions;
  readonly timer: Timer;
  readonly thetas: Float64Array;
}

/** Half of the time is for the search. */
function exposureParameters(bank: LoadedBank, config: ExamConfig, plan: TestPlan, search: Search): Found {
  const { sympson_hetter: hetter } = config.exposure;
  if (hetter === null) return null;
  const { timer, options } = search;
  const { seed, theta } = options;
  // what was passed over is weighed once more: a simulee costs about twice as much
  const affordable = (timer.left() * timer.budget_ms) / 2 / (2 * msEach(bank, plan, search));
  if (affordable < fewestSearched) throw new TooSlow(timer.budget_ms);
  const simulees = Math.round(Math.max(fewestSearched, Math.min(1000, affordable / mostRounds)));
  return checked(() =>
    findExposureParameters(bank.engine, plan, {
      r_max: hetter.target,
      from: hetter.from,
      seed,
      simulees,
      rounds: Math.max(1, Math.min(mostRounds, Math.floor(affordable / simulees))),
      onAnswer: within(timer, 0.8),
      ...('mean' in theta && theta),
    }),
  );
}

/** What one simulee costs, once the engine is warm. */
function msEach(bank: LoadedBank, plan: TestPlan, { options, timer, thetas }: Search): number {
  const timed = () => {
    const before = timer.clock();
    const some = { thetas: thetas.subarray(0, fewest), seed: options.seed, onAnswer: within(timer, 0.5) };
    checked(() => simulate(bank.engine, plan, some));
    return Math.max(0.01, (timer.clock() - before) / fewest);
  };
  const cold = timed();
  return cold * fewest > timer.budget_ms / 50 ? cold : timed();
}

function described(
  bank: LoadedBank,
  config: ExamConfig,
  { sessions, summary, exposure }: Simulation,
  found: Found,
  truncated: boolean,
): ExamSimulation {
  const live = bank.published.items.flatMap(({ item_id, status }, at) =>
    status === 'live' ? [{ item_id, rate: exposure[at] ?? 0 }] : [],
  );
  const byRate = live.sort((a, b) => b.rate - a.rate || (a.item_id < b.item_id ? -1 : 1));
  const used = byRate.filter(({ rate }) => rate > 0);
  const parts = {
    summary: {
      ...summary,
      items_used: used.length,
      items_never_used: byRate.length - used.length,
      max_exposure: byRate[0]?.rate ?? 0,
      items_over_20_percent: byRate.filter(({ rate }) => rate > 0.2).length,
      items_over_30_percent: byRate.filter(({ rate }) => rate > 0.3).length,
    },
    conditional: byAbility(sessions),
    groups: contentGroups(bank, config, sessions),
    sympson_hetter: found === null ? null : { max_exposure: found.max_exposure, converged: found.converged },
    truncated,
  };
  return {
    ...parts,
    lengths: counted(sessions.map(({ items }) => items.length))
      .map(([items, count]) => ({ items, sessions: count }))
      .sort((a, b) => a.items - b.items),
    stop_reasons: counted(sessions.map(({ reason }) => reason ?? 'none'))
      .map(([reason, count]) => ({ reason, sessions: count }))
      .sort((a, b) => b.sessions - a.sessions),
    exposure: byRate.slice(0, mostListed),
    exposure_rates: thinned(byRate.map(({ rate }) => rate)),
    never_used: byRate.slice(used.length, used.length + mostListed).map(({ item_id }) => item_id),
    warnings: warningsOf(config, sessions, parts),
    k: found?.k ?? null,
  };
}

function counted<T>(values: readonly T[]): [T, number][] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}

/** At most so many points of a falling curve, both ends among them. */
function thinned(rates: readonly number[]): number[] {
  if (rates.length <= mostRates) return [...rates];
  return Array.from(
    { length: mostRates },
    (_, at) => rates[Math.round((at * (rates.length - 1)) / (mostRates - 1))] ?? 0,
  );
}

const width = 0.5;

function byAbility(sessions: readonly SimulatedSession[]): ExamSimulation['conditional'] {
  const groups = new Map<number, SimulatedSession[]>();
  for (const session of sessions) {
    const from = width * Math.floor(session.true_theta / width);
    const before = groups.get(from);
    if (before === undefined) groups.set(from, [session]);
    else before.push(session);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([from, members]) => {
      const mean = (of: (one: SimulatedSession) => number) =>
        members.reduce((sum, one) => sum + of(one), 0) / members.length;
      const error = ({ theta, true_theta }: SimulatedSession) => theta - true_theta;
      return {
        from,
        to: from + width,
        simulees: members.length,
        bias: mean(error),
        rmse: Math.sqrt(mean((one) => error(one) ** 2)),
        mean_se: mean(({ se }) => se),
        mean_items: mean(({ items }) => items.length),
      };
    });
}

function contentGroups(
  bank: LoadedBank,
  { content }: ExamConfig,
  sessions: readonly SimulatedSession[],
): ExamSimulation['groups'] {
  const names = Object.keys(content.proportions);
  if (content.by === null || names.length === 0) return [];
  const groups = groupsOf(bank.published, content);
  const given = new Map(counted(sessions.flatMap(({ items }) => items.map((at) => groups[at] ?? ''))));
  const all = [...given.values()].reduce((sum, count) => sum + count, 0);
  const total = names.reduce((sum, name) => sum + (content.proportions[name] ?? 0), 0);
  return names.map((name) => ({
    name,
    wanted: (content.proportions[name] ?? 0) / total,
    given: (given.get(name) ?? 0) / Math.max(1, all),
  }));
}
