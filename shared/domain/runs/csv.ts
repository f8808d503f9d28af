import type { CurvePoint } from './curve.ts';

const newline = '\r\n';

/** A cell as RFC 4180 wants it; numbers as they are, nothing where there is none. */
const cell = (value: number | string | null | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // a spreadsheet would take what begins so for a formula
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const row = (cells: readonly (number | string | null | undefined)[]): string =>
  cells.map(cell).join(',') + newline;

/** Points as a table: a column for each name, in the order in which names first appear. */
export function csvOf(points: readonly CurvePoint[]): string {
  const names = [...new Set(points.flatMap((point) => Object.keys(point)))];
  return row(names) + points.map((point) => row(names.map((name) => point[name]))).join('');
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
    row([step, ...byStep.flatMap((run) => metrics.map((metric) => run.get(step)?.[metric]))]);
  return row(['step', ...head]) + steps.map(line).join('');
}
