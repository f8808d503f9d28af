export interface Points {
  readonly xs: readonly number[];
  readonly ys: readonly (number | null)[];
}

/**
 * What a chart of so many pixels shows of a curve: of each column of pixels the lowest, the highest and the last
 * point, so that no peak is lost; and a point beyond either edge, so that the line reaches it.
 */
export function decimate({ xs, ys }: Points, from: number, to: number, columns: number): Points {
  const first = Math.max(0, lowerBound(xs, from) - 1);
  const end = Math.min(xs.length, lowerBound(xs, to) + 2);
  if (end - first <= 3 * columns) return { xs: xs.slice(first, end), ys: ys.slice(first, end) };
  const kept: number[] = [];
  const width = (to - from) / columns;
  for (let start = first; start < end; ) {
    const edge = from + (Math.floor(((xs[start] ?? 0) - from) / width) + 1) * width;
    const next = Math.max(start + 1, Math.min(end, lowerBound(xs, edge)));
    keepOf(ys, start, next, kept);
    start = next;
  }
  return { xs: kept.map((index) => xs[index] ?? 0), ys: kept.map((index) => ys[index] ?? null) };
}

/** Adds the places of the lowest, the highest and the last value between `start` and `end`, in their order. */
function keepOf(ys: Points['ys'], start: number, end: number, kept: number[]): void {
  let low = end - 1;
  let high = end - 1;
  for (let index = start; index < end; index += 1) {
    const y = ys[index] ?? null;
    if (y === null) continue;
    if (y < (ys[low] ?? Number.POSITIVE_INFINITY)) low = index;
    if (y > (ys[high] ?? Number.NEGATIVE_INFINITY)) high = index;
  }
  kept.push(Math.min(low, high));
  if (low !== high) kept.push(Math.max(low, high));
  if (kept.at(-1) !== end - 1) kept.push(end - 1);
}

/** The first place whose value is not below `x`, in values that rise. */
export function lowerBound(xs: readonly number[], x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The value at `step`, or where none is known there the last one before; without a step the last of all. */
export function lastKnown({ xs, ys }: Points, step?: number): number | null {
  let index = (step === undefined ? xs.length : lowerBound(xs, step + 1)) - 1;
  while (index >= 0 && (ys[index] ?? null) === null) index -= 1;
  return ys[index] ?? null;
}

/**
 * Exponential moving average without the pull towards zero at its start (TensorBoard's smoothing): `weight` from 0,
 * as it is, to just below 1.
 */
export function smooth(ys: Points['ys'], weight: number): (number | null)[] {
  if (weight <= 0) return [...ys];
  let mean = 0;
  let share = 0;
  return ys.map((y) => {
    if (y === null) return null;
    mean = mean * weight + y * (1 - weight);
    share = share * weight + (1 - weight);
    return mean / share;
  });
}
