/** Bytes of a block that short arrays are cut from, and of the longest that is. */
const BLOCK = 131_072;
const SHORT = 16_384;

let block = new ArrayBuffer(BLOCK);
let used = 0;

/**
 * Numbers, all 0. Short arrays share blocks of memory: one with memory of its own takes V8 2 to 3 µs, several times what
 * is computed in it. Who keeps such an array for long keeps its block.
 */
export function doubles(length: number): Float64Array<ArrayBuffer> {
  if (8 * length > SHORT) return new Float64Array(length);
  const start = room(8 * length);
  return new Float64Array(block, start, length);
}

/** The first `length` of `values`. */
export function copyOf(values: Float64Array, length = values.length): Float64Array<ArrayBuffer> {
  const copy = doubles(length);
  copy.set(values.subarray(0, length));
  return copy;
}

/** `doubles` for integers of 32 bits. */
export function integers(length: number): Int32Array<ArrayBuffer> {
  if (4 * length > SHORT) return new Int32Array(length);
  const start = room(4 * length);
  return new Int32Array(block, start, length);
}

/** `doubles` for bytes. */
export function bytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > SHORT) return new Uint8Array(length);
  const start = room(length);
  return new Uint8Array(block, start, length);
}

/** Where so many bytes are free in `block`, which may be a new one afterwards. */
function room(size: number): number {
  const start = used + size > BLOCK ? 0 : used;
  if (start === 0) block = new ArrayBuffer(BLOCK);
  used = start + 8 * Math.ceil(size / 8);
  return start;
}

export function sum(values: Float64Array): number {
  let total = 0;
  for (let q = 0; q < values.length; q++) total += values[q] ?? 0;
  return total;
}
