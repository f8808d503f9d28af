/** Rows' expected scores and their squares, in float64, two numbers at a time. Addresses are in bytes. */
import { add } from './posterior';
import { total } from './sums';

/**
 * Adds E s, over a row's posterior, to `mean`: Σ_q posterior[q] score[e][q] for the entries e of its cells.
 *
 * @param cells numbers of cells, u32 [count]
 * @param start where each cell's entries begin, u32, and where the last one's end [cells + 1]
 * @param parameters number of each entry's parameter, u32
 * @param score f64 [entries][nodes], nodes even
 * @param posterior f64, 0 but for the nodes from `lower` to before `upper`
 * @param mean f64 [parameters]
 */
export function addScores(
  cells: usize,
  count: i32,
  start: usize,
  parameters: usize,
  score: usize,
  nodes: i32,
  posterior: usize,
  lower: i32,
  upper: i32,
  mean: usize,
): void {
  const first = <usize>(lower & ~1) << 3;
  const last = <usize>upper << 3;
  const width = <usize>nodes << 3;
  for (; count > 0; count--) {
    const cell = start + (<usize>load<u32>(cells) << 2);
    const end = <usize>load<u32>(cell, 4);
    for (let e = <usize>load<u32>(cell); e < end; e++) {
      const row = score + e * width;
      let sum = f64x2.splat(0);
      for (let q = first; q < last; q += 16)
        sum = f64x2.add(sum, f64x2.mul(v128.load(posterior + q), v128.load(row + q)));
      const to = mean + (<usize>load<u32>(parameters + (e << 2)) << 3);
      store<f64>(to, load<f64>(to) + total(sum));
    }
    cells += 4;
  }
}

/**
 * Adds weight · v vᵀ to the lower triangle of `matrix`; above it numbers have no meaning.
 * @param vector f64 [width], width even
 * @param matrix f64 [count][width]
 */
export function addSquare(vector: usize, count: i32, width: i32, weight: f64, matrix: usize): void {
  const bytes = <usize>width << 3;
  const end = <usize>count << 3;
  for (let i: usize = 0; i < end; i += 8) {
    const value = f64x2.splat(weight * load<f64>(vector + i));
    for (let j: usize = 0; j <= i; j += 16)
      add(matrix + j, f64x2.mul(value, v128.load(vector + j)));
    matrix += bytes;
  }
}
