import type { Matrix } from '../../engine/engine.ts';

/** Writes a row of the means of a normal distribution as an action: the one that is taken without chance. */
export function writeMeans(
  { data, stride, columns }: Matrix,
  row: number,
  actions: Float64Array,
  at: number,
): void {
  for (let j = 0; j < columns; j++) actions[at + j] = data[row * stride + j] ?? 0;
}
