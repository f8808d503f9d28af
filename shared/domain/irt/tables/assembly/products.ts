/** Products over rows of a table, in float64, two nodes at a time. Addresses are in bytes. */

/** Below this the products of probabilities are scaled up, so that long tests do not underflow. */
const SMALL: f64 = 1e-60;

@inline
function pair(a: usize, b: usize): v128 {
  return f64x2.mul(v128.load(a), v128.load(b));
}

/**
 * Multiplies `values` by rows of the table, up to a constant where that would underflow.
 * @param wanted each row's distance from `table` in bytes, u32
 * @param width bytes of `values`, an even number of f64; rows are as long, or one number shorter
 */
export function multiply(table: usize, wanted: usize, count: i32, width: usize, values: usize): void {
  for (; count >= 4; count -= 4) {
    const a = table + <usize>load<u32>(wanted);
    const b = table + <usize>load<u32>(wanted, 4);
    const c = table + <usize>load<u32>(wanted, 8);
    const d = table + <usize>load<u32>(wanted, 12);
    let highest = f64x2.splat(0);
    for (let q: usize = 0; q < width; q += 16) {
      const two = f64x2.mul(v128.load(values + q), pair(a + q, b + q));
      const four = f64x2.mul(two, pair(c + q, d + q));
      v128.store(values + q, four);
      highest = f64x2.pmax(highest, four);
    }
    keepFromUnderflow(values, width, max(f64x2.extract_lane(highest, 0), f64x2.extract_lane(highest, 1)));
    wanted += 16;
  }
  for (; count > 0; count--) {
    const a = table + <usize>load<u32>(wanted);
    for (let q: usize = 0; q < width; q += 16) v128.store(values + q, pair(values + q, a + q));
    wanted += 4;
  }
}

function keepFromUnderflow(values: usize, width: usize, highest: f64): void {
  if (highest >= SMALL || highest <= 0) return;
  const whole = f64x2.splat(highest);
  for (let q: usize = 0; q < width; q += 16)
    v128.store(values + q, f64x2.div(v128.load(values + q), whole));
}
