import { type CurvePoint, valueAt } from './curve.ts';

/** Mean and sample standard deviation over so many runs; one run has no deviation. */
export interface Spread {
  readonly mean: number;
  readonly sd: number | null;
  readonly n: number;
}

/** @returns null of no values */
export function spread(values: readonly number[]): Spread | null {
  const n = values.length;
  if (n === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
}

export interface ComparedRun {
  readonly curve: readonly CurvePoint[];
  readonly evaluations: readonly { readonly step: number; readonly mean_reward: number }[];
}

export type SpreadAt = Spread & { readonly step: number };

/** Runs of one configuration are evaluated at the same steps: mean and deviation at each, over the runs that got there. */
export function evaluationsOf(runs: readonly ComparedRun[]): SpreadAt[] {
  const bySteps = new Map<number, number[]>();
  for (const { evaluations } of runs)
    for (const { step, mean_reward } of evaluations)
      bySteps.set(step, [...(bySteps.get(step) ?? []), mean_reward]);
  return [...bySteps.keys()].sort((a, b) => a - b).flatMap((step) => at(step, bySteps.get(step) ?? []));
}

/** The training reward of the runs on a common grid of steps. */
export function rewardsOf(runs: readonly ComparedRun[], points: number): SpreadAt[] {
  const end = Math.max(0, ...runs.map(({ curve }) => curve.at(-1)?.['step'] ?? 0));
  const grid = Array.from({ length: end > 0 ? points : 0 }, (_, index) =>
    Math.round((end * (index + 1)) / points),
  );
  return grid.flatMap((step) => {
    const values = runs.map(({ curve }) => valueAt(curve, 'episode_reward', step));
    return at(
      step,
      values.filter((value) => value !== null),
    );
  });
}

const at = (step: number, values: readonly number[]): SpreadAt[] => {
  const found = spread(values);
  return found ? [{ step, ...found }] : [];
};
