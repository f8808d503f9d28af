import { describe, expect, it } from 'vitest';
import { decimate, lastKnown, smooth } from '#functions/console/pages/trainings/charts/decimate.ts';

const count = 100_000;
const xs = Array.from({ length: count }, (_, index) => index);
const ys = xs.map((x) => Math.sin(x / 500));

describe('a curve of 100,000 points in a chart of 800 pixels', () => {
  it('becomes at most three points a pixel', () => {
    expect(decimate({ xs, ys }, 0, count, 800).xs.length).toBeLessThanOrEqual(3 * 800 + 3);
  });

  it('keeps a peak of a single point, and the last point', () => {
    const peaked = ys.with(54_321, 99).with(12_345, -99);
    const shown = decimate({ xs, ys: peaked }, 0, count, 800);
    expect(shown.ys).toContain(99);
    expect(shown.ys).toContain(-99);
    expect(shown.xs.at(-1)).toBe(count - 1);
    expect(shown.ys[shown.xs.indexOf(54_321)]).toBe(99);
  });

  it('keeps its order', () => {
    const shown = decimate({ xs, ys }, 0, count, 800).xs;
    expect(shown).toEqual([...new Set(shown)].sort((a, b) => a - b));
  });

  it('is whole again when few enough of it are looked at, with a neighbour at either edge', () => {
    const { xs: shown } = decimate({ xs, ys }, 1000, 1099, 800);
    expect(shown[0]).toBe(999);
    expect(shown.at(-1)).toBe(1100);
    expect(shown).toHaveLength(102);
  });

  it('passes over what is not known', () => {
    const shown = decimate({ xs, ys: xs.map(() => null) }, 0, count, 100);
    expect(shown.ys.every((y) => y === null)).toBe(true);
  });
});

describe('smoothing', () => {
  it('leaves a constant as it is from the first point on', () => {
    for (const y of smooth([5, 5, null, 5], 0.9)) if (y !== null) expect(y).toBeCloseTo(5, 12);
  });

  it('weighs what came before', () => {
    expect(smooth([0, 1], 0.5)).toEqual([0, 1 / 1.5]);
    expect(smooth([0, 1], 0)).toEqual([0, 1]);
  });
});

it('what a line shows at a step is the last value known there', () => {
  const line = { xs: [10, 20, 30], ys: [1, null, 3] };
  expect([5, 10, 25, 30, 99].map((step) => lastKnown(line, step))).toEqual([null, 1, 1, 3, 3]);
  expect(lastKnown({ xs: [10, 20], ys: [1, null] })).toBe(1);
});
