import type { RecordedConfig } from '#shared/contracts/training.ts';
import { evaluationsOf, rewardsOf, type SpreadAt } from '#shared/domain/runs/groups.ts';
import type { Point, Series } from '../charts/curve.ts';
import { type Points, smooth } from '../charts/decimate.ts';
import type { Line } from '../charts/overlay-plot.ts';
import type { LiveTraining } from '../live-training.ts';
import { nameOf, type Session } from '../status.ts';

/** A training that is compared, as it stands. */
export interface Run {
  readonly session: Session;
  readonly curve: readonly Point[];
  readonly evaluations: LiveTraining['evaluations']['value'];
}

/** As many as there are in one CSV. */
export const mostCompared = 20;

/** Trainings that differ in nothing but their seeds. */
export interface RunGroup {
  readonly key: string;
  readonly runs: readonly Run[];
}

export function groupsOf(runs: readonly Run[]): RunGroup[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = run.session.config_hash;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups].map(([key, members]) => ({ key, runs: members }));
}

/** Runs are told apart by their seeds, where their names are the same. */
export function labelOf({ session }: Run, runs: readonly Run[]): string {
  const name = nameOf(session);
  const isShared = runs.filter((other) => nameOf(other.session) === name).length > 1;
  return isShared ? `${name} · ${session.config.seed}` : name;
}

const curveOf = ({ curve }: Run, series: Series): Points => ({
  xs: curve.map(({ step }) => step),
  ys: curve.map(({ values }) => values[series]),
});

export function curveLines(runs: readonly Run[], series: Series, smoothing: number): Line[] {
  return runs.map((run, colour) => {
    const { xs, ys } = curveOf(run, series);
    const key = run.session.session_id;
    return {
      key,
      label: labelOf(run, runs),
      colour,
      xs,
      ys: smooth(ys, smoothing),
      band: undefined,
      dotted: false,
    };
  });
}

export const evaluationLines = (runs: readonly Run[]): Line[] =>
  runs.map((run, colour) => ({
    key: run.session.session_id,
    label: labelOf(run, runs),
    colour,
    xs: run.evaluations.map(({ step }) => step),
    ys: run.evaluations.map(({ mean_reward }) => mean_reward),
    band: undefined,
    dotted: true,
  }));

/** Points of the common grid on which the runs of a group are averaged. */
const gridPoints = 200;

/** A line for each group: the mean of its runs, and one standard deviation to either side. */
export function groupLines(
  groups: readonly RunGroup[],
  labels: readonly string[],
  of: 'evaluations' | Series,
  smoothing: number,
): Line[] {
  return groups.map(({ key, runs }, colour) => {
    const spreads = of === 'evaluations' ? evaluationsOf(runs.map(comparedRun)) : spreadOf(runs, of);
    const weight = of === 'evaluations' ? 0 : smoothing;
    const edge = (sign: 1 | -1) =>
      smooth(
        spreads.map(({ mean, sd }) => mean + sign * (sd ?? 0)),
        weight,
      );
    return {
      key,
      label: labels[colour] ?? '',
      colour,
      xs: spreads.map(({ step }) => step),
      ys: smooth(
        spreads.map(({ mean }) => mean),
        weight,
      ),
      band: runs.length > 1 ? { low: edge(-1), high: edge(1) } : undefined,
      dotted: of === 'evaluations',
    };
  });
}

const comparedRun = ({ evaluations }: Run) => ({ curve: [], evaluations });
const spreadOf = (runs: readonly Run[], series: Series): SpreadAt[] =>
  rewardsOf(
    runs.map(({ curve }) => ({
      curve: curve.map(({ step, values }) => ({ step, episode_reward: values[series] })),
      evaluations: [],
    })),
    gridPoints,
  );

/** What a configuration says, without what tells its runs apart. */
export function comparable(
  { name: _, class_id: __, seed, ...rest }: RecordedConfig,
  withSeed: boolean,
): object {
  return withSeed ? { seed, ...rest } : rest;
}
