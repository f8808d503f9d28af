import type { Matrix, Tensor } from '#shared/domain/rl/engine/engine.ts';
import { largestDifference } from '../recorded.ts';

/** Writes rows into a matrix, from `firstColumn` on. */
export function fill(matrix: Matrix, rows: readonly (readonly number[])[], firstColumn = 0): void {
  rows.forEach((row, r) => {
    row.forEach((x, c) => {
      matrix.data[r * matrix.stride + firstColumn + c] = x;
    });
  });
}

/** The first `count` rows, without what pads them. */
export const rowsOf = ({ data, stride, columns }: Matrix, count: number): number[][] =>
  Array.from({ length: count }, (_, r) => [...data.slice(r * stride, r * stride + columns)]);

/** The largest difference per tensor that is beyond the tolerance; empty when all agree. */
export function tensorDisagreements(
  tensors: readonly Tensor[],
  what: 'read' | 'readGradient',
  expected: Readonly<Record<string, readonly number[]>>,
  tolerance: number,
): (readonly [string, number])[] {
  return tensors
    .map((tensor) => [tensor.name, largestDifference(tensor[what](), expected[tensor.name] ?? [])] as const)
    .filter(([, difference]) => !(difference <= tolerance));
}
