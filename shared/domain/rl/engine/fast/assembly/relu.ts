/** max(x, 0) of `rows` rows, in place; what is not a number stays so. */
export function reluRows(values: usize, stride: usize, rows: i32, columns: i32): void {
  const width = <usize>columns << 2;
  const zero = f32x4.splat(0);
  const end = values + <usize>rows * stride;
  for (let row = values; row < end; row += stride) {
    const rowEnd = row + width;
    for (let at = row; at < rowEnd; at += 16) v128.store(at, f32x4.pmax(v128.load(at), zero));
  }
}
