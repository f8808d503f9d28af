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

/** Clears delta where the output is not positive. */
export function throughRelu(delta: usize, output: usize, stride: usize, rows: i32, columns: i32): void {
  const width = <usize>columns << 2;
  const zero = f32x4.splat(0);
  for (let r = 0; r < rows; r++) {
    for (let at: usize = 0; at < width; at += 16) {
      const positive = f32x4.gt(v128.load(output + at), zero);
      v128.store(delta + at, v128.and(v128.load(delta + at), positive));
    }
    delta += stride;
    output += stride;
  }
}
