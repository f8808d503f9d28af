import type { Situation } from './situation.ts';

/**
 * Where each category's row of each candidate begins in the situation's tables, one candidate after another.
 * @param from the first category that is wanted: 0, or 1 for all but the lowest
 */
export function rowStarts({ bank, candidates, table }: Situation, from: 0 | 1): Int32Array {
  const count = table.grid.nodes.length;
  const { rows, categories, dichotomous } = bank;
  if (dichotomous) return dichotomousStarts(candidates, from, count);
  let total = -from * candidates.length;
  for (let j = 0; j < candidates.length; j++) total += categories[candidates[j] ?? 0] ?? 2;
  const starts = new Int32Array(total);
  let row = 0;
  for (let j = 0; j < candidates.length; j++) {
    const item = candidates[j] ?? 0;
    const last = rows[item + 1] ?? 0;
    for (let r = (rows[item] ?? 0) + from; r < last; r++) starts[row++] = r * count;
  }
  return starts;
}

/** Item i's rows are 2i and 2i + 1. */
function dichotomousStarts(candidates: Int32Array, from: 0 | 1, count: number): Int32Array {
  const starts = new Int32Array((2 - from) * candidates.length);
  let row = 0;
  for (let j = 0; j < candidates.length; j++) {
    const start = 2 * (candidates[j] ?? 0) * count;
    if (from === 0) starts[row++] = start;
    starts[row++] = start + count;
  }
  return starts;
}

/** Σ_q masses[q] table[starts[r] + q] into sums[r], four rows at a time, so that additions do not wait for each other. */
export function dotRows(
  table: Float64Array,
  starts: Int32Array,
  masses: Float64Array,
  sums: Float64Array,
): void {
  const count = masses.length;
  const whole = starts.length - (starts.length % 4);
  for (let r = 0; r < whole; r += 4) {
    const first = starts[r] ?? 0;
    const second = starts[r + 1] ?? 0;
    const third = starts[r + 2] ?? 0;
    const fourth = starts[r + 3] ?? 0;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let q = 0; q < count; q++) {
      const mass = masses[q] ?? 0;
      a += (table[first + q] ?? 0) * mass;
      b += (table[second + q] ?? 0) * mass;
      c += (table[third + q] ?? 0) * mass;
      d += (table[fourth + q] ?? 0) * mass;
    }
    sums[r] = a;
    sums[r + 1] = b;
    sums[r + 2] = c;
    sums[r + 3] = d;
  }
  for (let r = whole; r < starts.length; r++) {
    const start = starts[r] ?? 0;
    let a = 0;
    for (let q = 0; q < count; q++) a += (table[start + q] ?? 0) * (masses[q] ?? 0);
    sums[r] = a;
  }
}

/** Masses at the nodes, and masses times θ and θ² there. */
export interface Moments {
  readonly mass: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export function momentsAt(nodes: Float64Array, mass: Float64Array): Moments {
  const first = new Float64Array(mass.length);
  const second = new Float64Array(mass.length);
  for (let q = 0; q < mass.length; q++) {
    const node = nodes[q] ?? 0;
    first[q] = (mass[q] ?? 0) * node;
    second[q] = (first[q] ?? 0) * node;
  }
  return { mass, first, second };
}

/** Σ m P, Σ m θ P and Σ m θ² P of row r into sums[3r], sums[3r + 1], sums[3r + 2], two rows at a time. */
export function momentRows(
  table: Float64Array,
  starts: Int32Array,
  moments: Moments,
  sums: Float64Array,
): void {
  const rows = starts.length;
  for (let r = 0; r < rows; r += 2)
    momentPair(table, starts[r] ?? 0, starts[r + 1 < rows ? r + 1 : r] ?? 0, moments, sums, 3 * r);
}

function momentPair(
  table: Float64Array,
  start: number,
  other: number,
  { mass, first, second }: Moments,
  sums: Float64Array,
  at: number,
): void {
  const count = mass.length;
  let a0 = 0;
  let a1 = 0;
  let a2 = 0;
  let b0 = 0;
  let b1 = 0;
  let b2 = 0;
  for (let q = 0; q < count; q++) {
    const a = table[start + q] ?? 0;
    const b = table[other + q] ?? 0;
    const m0 = mass[q] ?? 0;
    const m1 = first[q] ?? 0;
    const m2 = second[q] ?? 0;
    a0 += a * m0;
    a1 += a * m1;
    a2 += a * m2;
    b0 += b * m0;
    b1 += b * m1;
    b2 += b * m2;
  }
  sums[at] = a0;
  sums[at + 1] = a1;
  sums[at + 2] = a2;
  if (at + 3 >= sums.length) return;
  sums[at + 3] = b0;
  sums[at + 4] = b1;
  sums[at + 5] = b2;
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (let q = 0; q < values.length; q++) total += values[q] ?? 0;
  return total;
}
