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

/** Simulees that tell how long one takes, and how many first make the engine warm. */
const trial = 20;
const warmUp = 2;
const mostListed = 100;
const mostRates = 1000;
const ABILITY = 21;

/**
 * Runs a plan on simulated students, through the same engine as real ones. Equal options give equal results, as long as
 * there is time for all simulees.
 *
 * @throws PlanProblem for a configuration that does not fit the bank
 */
export function simulateExam(
  bank: LoadedBank,
  config: ExamConfig,
  options: ExamSimulationOptions,
): ExamSimulation {
  const started = options.clock();
  const left = () => options.budget_ms - (options.clock() - started);
  testOf(bank, config);
  const thetas = abilities(options);
  const plain = planOf(bank, config, null);
  const each = msEach(bank, plain, thetas, options);
  const found = exposureParameters(bank, config, plain, { options, budget_ms: left() / 2, each });
  const plan = found === null ? plain : planOf(bank, config, found.k);
  const count = Math.max(1, Math.min(thetas.length, Math.floor((0.8 * left()) / each)));
  const simulation = checked(() =>
    simulate(bank.engine, plan, { thetas: thetas.subarray(0, count), seed: options.seed }),
  );
  return described(bank, config, simulation, found, count < thetas.length);
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

/** What one simulee costs. The first ones are slow, before the engine is warm; of a costly plan they tell enough. */
function msEach(
  bank: LoadedBank,
  plan: TestPlan,
  thetas: Float64Array,
  { seed, clock, budget_ms }: ExamSimulationOptions,
): number {
  const timed = (count: number) => {
    const before = clock();
    checked(() => simulate(bank.engine, plan, { thetas: thetas.subarray(0, count), seed }));
    return Math.max(0.01, (clock() - before) / count);
  };
  const cold = timed(warmUp);
  if (cold * trial * 2 > budget_ms / 20) return cold;
  timed(trial);
  return timed(trial);
}

type Found = ReturnType<typeof findExposureParameters> | null;

const mostRounds = 20;

function exposureParameters(
  bank: LoadedBank,
  config: ExamConfig,
  plan: TestPlan,
  time: { readonly options: ExamSimulationOptions; readonly budget_ms: number; readonly each: number },
): Found {
  const { sympson_hetter: hetter } = config.exposure;
  if (hetter === null) return null;
  const { seed, theta } = time.options;
  // what was passed over is weighed once more: a simulee costs about twice as much
  const affordable = time.budget_ms / (2 * time.each);
  const simulees = Math.round(Math.max(100, Math.min(1000, affordable / mostRounds)));
  return checked(() =>
    findExposureParameters(bank.engine, plan, {
      r_max: hetter.target,
      from: hetter.from,
      seed,
      simulees,
      rounds: Math.max(1, Math.min(mostRounds, Math.floor(affordable / simulees))),
      ...('mean' in theta && theta),
    }),
  );
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
