import { csvRow } from '../csv/write.ts';
import type { CurvePoint } from './curve.ts';

/** Points as a table: a column for each name, in the order in which names first appear. */
export function csvOf(points: readonly CurvePoint[]): string {
  const names = [...new Set(points.flatMap((point) => Object.keys(point)))];
  return csvRow(names) + points.map((point) => csvRow(names.map((name) => point[name]))).join('');
}

export interface NamedRun {
  readonly name: string;
  readonly points: readonly CurvePoint[];
}

/** Runs side by side: a row for each step that any has, a column for each run and metric. */
export function sideBySide(runs: readonly NamedRun[], metrics: readonly string[]): string {
  const byStep = runs.map(({ points }) => new Map(points.map((point) => [point['step'] ?? 0, point])));
  const steps = [...new Set(byStep.flatMap((run) => [...run.keys()]))].sort((a, b) => a - b);
  const head = runs.flatMap(({ name }) =>
    metrics.map((metric) => (metrics.length > 1 ? `${name} ${metric}` : name)),
  );
  const line = (step: number) =>
    csvRow([step, ...byStep.flatMap((run) => metrics.map((metric) => run.get(step)?.[metric]))]);
  return csvRow(['step', ...head]) + steps.map(line).join('');
}
