import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most it should be (or, with `atLeast`, the least). */
  readonly target?: number;
  readonly atLeast?: boolean;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Linear interpolation between the closest ranks. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Starts measuring; what it gives tells how many percent of the cores' time a virtual machine's host has taken since. */
export function hostTakes(): () => number {
  const before = takenMs();
  const from = performance.now();
  return () => (100 * (takenMs() - before)) / (availableParallelism() * (performance.now() - from));
}

/** `steal` of all cores together, in clock ticks of 10 ms; Linux alone tells it. */
function takenMs(): number {
  if (process.platform !== 'linux') return Number.NaN;
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/) ?? [];
  return 10 * Number(ticks[7]);
}

export const meets = ({ value, target, atLeast }: Figure): boolean =>
  target === undefined || (atLeast ? value >= target : value <= target);

export function tell(figure: Figure): void {
  const { name, value, unit, target, atLeast } = figure;
  const shown = Number.isInteger(value) ? String(value) : value.toPrecision(3);
  const aim = target === undefined ? '' : `  (${atLeast ? '≥' : '≤'} ${target} ${unit})`;
  console.log(`${meets(figure) ? ' ' : '✗'} ${name.padEnd(52)} ${shown.padStart(10)} ${unit}${aim}`);
}
