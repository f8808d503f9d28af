/** Gymnasium's spaces (`gymnasium/spaces`), as far as the environments here need them. */

/**
 * Real vectors of `low.length` components, each between its bounds (Gymnasium's Box with dtype float32:
 * the bounds are float32 numbers too, infinite where there is none).
 */
export interface BoxSpace {
  readonly kind: 'box';
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The integers 0 … n-1 (Gymnasium's Discrete). */
export interface DiscreteSpace {
  readonly kind: 'discrete';
  readonly n: number;
}

/** One integer of each of several Discrete spaces (Gymnasium's Tuple of Discretes). */
export interface TupleSpace {
  readonly kind: 'tuple';
  readonly spaces: readonly DiscreteSpace[];
}

export type Space = BoxSpace | DiscreteSpace | TupleSpace;

/** What observations are written into: float64 of the reference engine, float32 of the fast one. */
export type RealArray = Float64Array | Float32Array;

/** A Box whose bounds are rounded to float32, as Gymnasium stores them. */
export function box(low: readonly number[], high: readonly number[]): BoxSpace {
  return { kind: 'box', low: low.map(Math.fround), high: high.map(Math.fround) };
}

export function discrete(n: number): DiscreteSpace {
  return { kind: 'discrete', n };
}

/** Numbers that a value of the space is written as: 1 for a Discrete. */
export function sizeOf(space: Space): number {
  if (space.kind === 'box') return space.low.length;
  return space.kind === 'discrete' ? 1 : space.spaces.length;
}

/** Length of a flattened value (Gymnasium's `flatdim`). */
export function flattenedSize(space: Space): number {
  if (space.kind === 'box') return space.low.length;
  if (space.kind === 'discrete') return space.n;
  return space.spaces.reduce((sum, { n }) => sum + n, 0);
}

/**
 * Writes the flattened value (Gymnasium's `flatten`) into `target` from `at` on: a Box unchanged, a
 * Discrete one-hot, a Tuple as its one-hots one after the other. `source` holds the value as
 * `sizeOf(space)` numbers from `from` on. Allocates nothing.
 */
export function flatten(space: Space, source: RealArray, from: number, target: RealArray, at: number): void {
  if (space.kind === 'box') {
    for (let i = 0; i < space.low.length; i++) target[at + i] = source[from + i] ?? 0;
  } else if (space.kind === 'discrete') {
    oneHot(space.n, source[from] ?? 0, target, at);
  } else {
    let next = at;
    for (let i = 0; i < space.spaces.length; i++) {
      const n = space.spaces[i]?.n ?? 0;
      oneHot(n, source[from + i] ?? 0, target, next);
      next += n;
    }
  }
}

function oneHot(n: number, value: number, target: RealArray, at: number): void {
  target.fill(0, at, at + n);
  target[at + value] = 1;
}

/** Whether `value`, as `sizeOf(space)` numbers, lies in the space. */
export function contains(space: Space, value: ArrayLike<number>): boolean {
  if (value.length !== sizeOf(space)) return false;
  const numbers = Array.from(value);
  if (space.kind === 'box') {
    return numbers.every((x, i) => x >= (space.low[i] ?? 0) && x <= (space.high[i] ?? 0));
  }
  const choices = space.kind === 'discrete' ? [space] : space.spaces;
  return numbers.every((x, i) => Number.isInteger(x) && x >= 0 && x < (choices[i]?.n ?? 0));
}
