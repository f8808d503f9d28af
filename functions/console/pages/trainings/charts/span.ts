import type { Points } from './decimate.ts';

/** A part of the steps. */
export type Span = readonly [from: number, to: number];

/** All the steps that any of the lines has. */
export function wholeSpan(lines: readonly Points[]): Span {
  const first = Math.min(...lines.map(({ xs }) => xs[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...lines.map(({ xs }) => xs.at(-1) ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(first) && last > first ? [first, last] : [0, Math.max(1, last)];
}

/** Twice as near, or half, around the middle; undefined for all. */
export function zoomed([from, to]: Span, whole: Span, factor: number): Span | undefined {
  const middle = (from + to) / 2;
  const half = ((to - from) * factor) / 2;
  const next: Span = [Math.max(whole[0], middle - half), Math.min(whole[1], middle + half)];
  return next[0] <= whole[0] && next[1] >= whole[1] ? undefined : next;
}

/** A quarter of what is shown to either side, as far as there are steps. */
export function moved([from, to]: Span, whole: Span, sign: 1 | -1): Span {
  const by = (to - from) / 4;
  const shift = sign === 1 ? Math.min(by, whole[1] - to) : -Math.min(by, from - whole[0]);
  return [from + shift, to + shift];
}
