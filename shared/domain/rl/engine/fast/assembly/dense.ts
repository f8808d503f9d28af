/**
 * Matrix products whose left factor is dense. The sum runs over k in order, whatever the tile, so that a row's
 * result does not depend on the batch it is in.
 *
 * Tiles of 4 x 8 keep eight sums, two vectors of w and one of x in registers; 6 x 8 and 4 x 12 spill.
 */

@inline
function mac(sum: v128, x: v128, w: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, w));
}

@inline
function biasAt(bias: usize, at: usize): v128 {
  return bias == 0 ? f32x4.splat(0) : v128.load(bias + at);
}

/**
 * y = x w + bias: x [rows][steps], w [steps][columns], columns a multiple of 4.
 * @param bias 0: none
 */
export function multiply(
  y: usize,
  yStride: usize,
  x: usize,
  xStride: usize,
  w: usize,
  wStride: usize,
  bias: usize,
  rows: i32,
  columns: i32,
  steps: i32,
): void {
  const quads = rows >> 2;
  const eights = columns >> 3;
  const width = <usize>eights << 5;
  if (quads > 0) {
    for (let at: usize = 0; at < width; at += 32) {
      let from = x;
      let to = y + at;
      for (let i = 0; i < quads; i++) {
        tile4x8(to, yStride, from, xStride, w + at, wStride, bias, at, steps);
        from += xStride << 2;
        to += yStride << 2;
      }
    }
    if (columns & 4) {
      let from = x;
      let to = y + width;
      for (let i = 0; i < quads; i++) {
        tile4x4(to, yStride, from, xStride, w + width, wStride, bias, width, steps);
        from += xStride << 2;
        to += yStride << 2;
      }
    }
  }
  for (let r = <usize>(rows & ~3); r < <usize>rows; r++)
    multiplyRow(y + r * yStride, x + r * xStride, w, wStride, bias, columns, steps);
}

@inline
function tile4x8(
  y: usize,
  yStride: usize,
  x: usize,
  xStride: usize,
  w: usize,
  wStride: usize,
  bias: usize,
  at: usize,
  steps: i32,
): void {
  let s00 = biasAt(bias, at);
  let s01 = biasAt(bias, at + 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let x1 = x + xStride;
  let x2 = x1 + xStride;
  let x3 = x2 + xStride;
  for (let k = steps; k > 0; k--) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    let a = v128.load32_splat(x);
    s00 = mac(s00, a, w0);
    s01 = mac(s01, a, w1);
    a = v128.load32_splat(x1);
    s10 = mac(s10, a, w0);
    s11 = mac(s11, a, w1);
    a = v128.load32_splat(x2);
    s20 = mac(s20, a, w0);
    s21 = mac(s21, a, w1);
    a = v128.load32_splat(x3);
    s30 = mac(s30, a, w0);
    s31 = mac(s31, a, w1);
    x += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
    w += wStride;
  }
  v128.store(y, s00);
  v128.store(y, s01, 16);
  y += yStride;
  v128.store(y, s10);
  v128.store(y, s11, 16);
  y += yStride;
  v128.store(y, s20);
  v128.store(y, s21, 16);
  y += yStride;
  v128.store(y, s30);
  v128.store(y, s31, 16);
}

@inline
function tile4x4(
  y: usize,
  yStride: usize,
  x: usize,
  xStride: usize,
  w: usize,
  wStride: usize,
  bias: usize,
  at: usize,
  steps: i32,
): void {
  let s0 = biasAt(bias, at);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let x1 = x + xStride;
  let x2 = x1 + xStride;
  let x3 = x2 + xStride;
  for (let k = steps; k > 0; k--) {
    const w0 = v128.load(w);
    s0 = mac(s0, v128.load32_splat(x), w0);
    s1 = mac(s1, v128.load32_splat(x1), w0);
    s2 = mac(s2, v128.load32_splat(x2), w0);
    s3 = mac(s3, v128.load32_splat(x3), w0);
    x += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
    w += wStride;
  }
  v128.store(y, s0);
  v128.store(y + yStride, s1);
  v128.store(y + 2 * yStride, s2);
  v128.store(y + 3 * yStride, s3);
}

/** One row of `multiply`. */
function multiplyRow(
  y: usize,
  x: usize,
  w: usize,
  wStride: usize,
  bias: usize,
  columns: i32,
  steps: i32,
): void {
  let at: usize = 0;
  for (const wide = <usize>(columns & ~31) << 2; at < wide; at += 128) {
    let s0 = biasAt(bias, at);
    let s1 = biasAt(bias, at + 16);
    let s2 = biasAt(bias, at + 32);
    let s3 = biasAt(bias, at + 48);
    let s4 = biasAt(bias, at + 64);
    let s5 = biasAt(bias, at + 80);
    let s6 = biasAt(bias, at + 96);
    let s7 = biasAt(bias, at + 112);
    let q = w + at;
    const end = x + (<usize>steps << 2);
    for (let p = x; p < end; p += 4) {
      const a = v128.load32_splat(p);
      s0 = mac(s0, a, v128.load(q));
      s1 = mac(s1, a, v128.load(q, 16));
      s2 = mac(s2, a, v128.load(q, 32));
      s3 = mac(s3, a, v128.load(q, 48));
      s4 = mac(s4, a, v128.load(q, 64));
      s5 = mac(s5, a, v128.load(q, 80));
      s6 = mac(s6, a, v128.load(q, 96));
      s7 = mac(s7, a, v128.load(q, 112));
      q += wStride;
    }
    v128.store(y + at, s0);
    v128.store(y + at, s1, 16);
    v128.store(y + at, s2, 32);
    v128.store(y + at, s3, 48);
    v128.store(y + at, s4, 64);
    v128.store(y + at, s5, 80);
    v128.store(y + at, s6, 96);
    v128.store(y + at, s7, 112);
  }
  for (const width = <usize>columns << 2; at < width; at += 16) {
    let s = biasAt(bias, at);
    let q = w + at;
    const end = x + (<usize>steps << 2);
    for (let p = x; p < end; p += 4) {
      s = mac(s, v128.load32_splat(p), v128.load(q));
      q += wStride;
    }
    v128.store(y + at, s);
  }
}

/** g = xᵀ d: x [steps][rows], d [steps][columns]; rows and columns are multiples of 4. */
export function multiplyTransposed(
  g: usize,
  gStride: usize,
  x: usize,
  xStride: usize,
  d: usize,
  dStride: usize,
  rows: i32,
  columns: i32,
  steps: i32,
): void {
  const height = <usize>rows << 2;
  const width = <usize>(columns >> 3) << 5;
  for (let at: usize = 0; at < width; at += 32) {
    let to = g + at;
    for (let r: usize = 0; r < height; r += 16) {
      tileTransposed4x8(to, gStride, x + r, xStride, d + at, dStride, steps);
      to += gStride << 2;
    }
  }
  if (columns & 4) {
    let to = g + width;
    for (let r: usize = 0; r < height; r += 16) {
      tileTransposed4x4(to, gStride, x + r, xStride, d + width, dStride, steps);
      to += gStride << 2;
    }
  }
}

@inline
function tileTransposed4x8(
  g: usize,
  gStride: usize,
  x: usize,
  xStride: usize,
  d: usize,
  dStride: usize,
  steps: i32,
): void {
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  for (let k = steps; k > 0; k--) {
    const d0 = v128.load(d);
    const d1 = v128.load(d, 16);
    let a = v128.load32_splat(x);
    s00 = mac(s00, a, d0);
    s01 = mac(s01, a, d1);
    a = v128.load32_splat(x, 4);
    s10 = mac(s10, a, d0);
    s11 = mac(s11, a, d1);
    a = v128.load32_splat(x, 8);
    s20 = mac(s20, a, d0);
    s21 = mac(s21, a, d1);
    a = v128.load32_splat(x, 12);
    s30 = mac(s30, a, d0);
    s31 = mac(s31, a, d1);
    x += xStride;
    d += dStride;
  }
  v128.store(g, s00);
  v128.store(g, s01, 16);
  g += gStride;
  v128.store(g, s10);
  v128.store(g, s11, 16);
  g += gStride;
  v128.store(g, s20);
  v128.store(g, s21, 16);
  g += gStride;
  v128.store(g, s30);
  v128.store(g, s31, 16);
}

@inline
function tileTransposed4x4(
  g: usize,
  gStride: usize,
  x: usize,
  xStride: usize,
  d: usize,
  dStride: usize,
  steps: i32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let k = steps; k > 0; k--) {
    const d0 = v128.load(d);
    s0 = mac(s0, v128.load32_splat(x), d0);
    s1 = mac(s1, v128.load32_splat(x, 4), d0);
    s2 = mac(s2, v128.load32_splat(x, 8), d0);
    s3 = mac(s3, v128.load32_splat(x, 12), d0);
    x += xStride;
    d += dStride;
  }
  v128.store(g, s0);
  v128.store(g + gStride, s1);
  v128.store(g + 2 * gStride, s2);
  v128.store(g + 3 * gStride, s3);
}

/** The sums of the columns of d [rows][columns]; four vectors at once hide the latency of an addition. */
export function sumRows(sums: usize, d: usize, dStride: usize, rows: i32, columns: i32): void {
  const width = <usize>columns << 2;
  const wide = width & ~63;
  let at: usize = 0;
  for (; at < wide; at += 64) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let from = d + at;
    for (let r = 0; r < rows; r++) {
      s0 = f32x4.add(s0, v128.load(from));
      s1 = f32x4.add(s1, v128.load(from, 16));
      s2 = f32x4.add(s2, v128.load(from, 32));
      s3 = f32x4.add(s3, v128.load(from, 48));
      from += dStride;
    }
    v128.store(sums + at, s0);
    v128.store(sums + at, s1, 16);
    v128.store(sums + at, s2, 32);
    v128.store(sums + at, s3, 48);
  }
  for (; at < width; at += 16) {
    let s = f32x4.splat(0);
    let from = d + at;
    for (let r = 0; r < rows; r++) {
      s = f32x4.add(s, v128.load(from));
      from += dStride;
    }
    v128.store(sums + at, s);
  }
}

/** out [columns][rows] from w [rows][columns]; both are multiples of 4. */
export function transpose(
  out: usize,
  outStride: usize,
  w: usize,
  wStride: usize,
  rows: i32,
  columns: i32,
): void {
  for (let r = 0; r < rows; r += 4) {
    let to = out + (<usize>r << 2);
    let from = w + <usize>r * wStride;
    for (let c = 0; c < columns; c += 4) {
      const a = v128.load(from);
      const b = v128.load(from + wStride);
      const d = v128.load(from + 2 * wStride);
      const e = v128.load(from + 3 * wStride);
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const de = v128.shuffle<f32>(d, e, 0, 4, 1, 5);
      const cd = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const ef = v128.shuffle<f32>(d, e, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f64>(ab, de, 0, 2));
      v128.store(to + outStride, v128.shuffle<f64>(ab, de, 1, 3));
      v128.store(to + 2 * outStride, v128.shuffle<f64>(cd, ef, 0, 2));
      v128.store(to + 3 * outStride, v128.shuffle<f64>(cd, ef, 1, 3));
      from += 16;
      to += outStride << 2;
    }
  }
}
