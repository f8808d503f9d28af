/**
 * Matrix products whose left factor is half zeros, as ReLU leaves activations and what flows back through it. Each
 * row of the factor becomes a list of its non-zero elements; a tile of 1 x 32 walks the list. That takes as many
 * multiplications a cycle as the dense tile of 4 x 8 and skips every product with 0. The sum runs over the list in
 * order, so a row's result does not depend on the batch it is in.
 *
 * An element of a list is 8 bytes: how far its row of the right factor is from the first one, and its value.
 */

/** How many rows of a batch are listed at once, which bounds the room that lists take. */
export const BLOCK: i32 = 256;

@inline
function mac(sum: v128, x: v128, w: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, w));
}

/**
 * Lists `rows` rows of `columns` elements of x; row r's list starts at lists + r * listStride and ends at ends[r].
 * @param xRow from one row to the next
 * @param xStep from one element to the next; with both exchanged, columns are listed
 * @param step from one row of the right factor to the next
 */
export function list(
  lists: usize,
  listStride: usize,
  ends: usize,
  x: usize,
  xRow: usize,
  xStep: usize,
  rows: i32,
  columns: i32,
  step: usize,
): void {
  for (let r = 0; r < rows; r++) {
    let p = lists;
    let from = x;
    const end = <usize>columns * step;
    for (let offset: usize = 0; offset < end; offset += step) {
      const bits = load<u32>(from);
      store<u32>(p, <u32>offset);
      store<u32>(p, bits, 4);
      // Neither 0 nor -0; without a branch, which would be mispredicted every other time.
      p += <usize>(bits << 1 != 0) << 3;
      from += xStep;
    }
    store<u32>(ends, <u32>p);
    ends += 4;
    lists += listStride;
    x += xRow;
  }
}

/** What happens to a sum at last. */
export const PLAIN: i32 = 0;
/** max(sum, 0) */
export const RECTIFY: i32 = 1;
/** 0 where `gate` is not positive. */
export const GATE: i32 = 2;

/**
 * y = start + (listed x) w: y [rows][columns], columns a multiple of 4.
 * @param start what sums begin with
 * @param startStride from one row to the next; 0: the same for all, as a bias
 * @param gate laid out as y
 */
export function combine(
  y: usize,
  yStride: usize,
  lists: usize,
  listStride: usize,
  ends: usize,
  w: usize,
  start: usize,
  startStride: usize,
  rows: i32,
  columns: i32,
  finish: i32,
  gate: usize,
): void {
  const width = <usize>columns << 2;
  const wide = width & ~127;
  let at: usize = 0;
  for (; at < wide; at += 128) {
    let list = lists;
    let from = start + at;
    let to = y + at;
    let open = gate + at;
    for (let r = 0; r < rows; r++) {
      let s0 = v128.load(from);
      let s1 = v128.load(from, 16);
      let s2 = v128.load(from, 32);
      let s3 = v128.load(from, 48);
      let s4 = v128.load(from, 64);
      let s5 = v128.load(from, 80);
      let s6 = v128.load(from, 96);
      let s7 = v128.load(from, 112);
      const base = w + at;
      const end = <usize>load<u32>(ends + (<usize>r << 2));
      for (let p = list; p < end; p += 8) {
        const q = base + <usize>load<u32>(p);
        const x = v128.load32_splat(p, 4);
        s0 = mac(s0, x, v128.load(q));
        s1 = mac(s1, x, v128.load(q, 16));
        s2 = mac(s2, x, v128.load(q, 32));
        s3 = mac(s3, x, v128.load(q, 48));
        s4 = mac(s4, x, v128.load(q, 64));
        s5 = mac(s5, x, v128.load(q, 80));
        s6 = mac(s6, x, v128.load(q, 96));
        s7 = mac(s7, x, v128.load(q, 112));
      }
      if (finish == RECTIFY) {
        const zero = f32x4.splat(0);
        s0 = f32x4.pmax(s0, zero);
        s1 = f32x4.pmax(s1, zero);
        s2 = f32x4.pmax(s2, zero);
        s3 = f32x4.pmax(s3, zero);
        s4 = f32x4.pmax(s4, zero);
        s5 = f32x4.pmax(s5, zero);
        s6 = f32x4.pmax(s6, zero);
        s7 = f32x4.pmax(s7, zero);
      } else if (finish == GATE) {
        s0 = gated(s0, open);
        s1 = gated(s1, open + 16);
        s2 = gated(s2, open + 32);
        s3 = gated(s3, open + 48);
        s4 = gated(s4, open + 64);
        s5 = gated(s5, open + 80);
        s6 = gated(s6, open + 96);
        s7 = gated(s7, open + 112);
        open += yStride;
      }
      v128.store(to, s0);
      v128.store(to, s1, 16);
      v128.store(to, s2, 32);
      v128.store(to, s3, 48);
      v128.store(to, s4, 64);
      v128.store(to, s5, 80);
      v128.store(to, s6, 96);
      v128.store(to, s7, 112);
      to += yStride;
      from += startStride;
      list += listStride;
    }
  }
  for (; at < width; at += 16) {
    let list = lists;
    let from = start + at;
    let to = y + at;
    let open = gate + at;
    for (let r = 0; r < rows; r++) {
      let s = v128.load(from);
      const end = <usize>load<u32>(ends + (<usize>r << 2));
      for (let p = list; p < end; p += 8)
        s = mac(s, v128.load32_splat(p, 4), v128.load(w + at + <usize>load<u32>(p)));
      if (finish == RECTIFY) s = f32x4.pmax(s, f32x4.splat(0));
      else if (finish == GATE) {
        s = gated(s, open);
        open += yStride;
      }
      v128.store(to, s);
      to += yStride;
      from += startStride;
      list += listStride;
    }
  }
}

@inline
function gated(sum: v128, gate: usize): v128 {
  return v128.and(sum, f32x4.gt(v128.load(gate), f32x4.splat(0)));
}
