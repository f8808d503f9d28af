/**
 * e^x and ln x of two numbers at a time, by short series about the entries of tables, which the host fills (after Tang
 * 1989 and 1990).
 */

/** 2^(j/64), f64 [64]. */
export const powers: usize = memory.data(64 * 8, 16);

/** 1/m and ln m for the middle m of each 128th from 1 to 2, f64 [128][2]. */
export const logarithms: usize = memory.data(128 * 16, 16);

// Constants are loaded: in the code they would be built anew, by several instructions, wherever they are used.
const ONE: usize = memory.data<f64>([1]);
const HALF: usize = memory.data<f64>([1 / 2.0]);
const THIRD: usize = memory.data<f64>([1 / 3.0]);
const FOURTH: usize = memory.data<f64>([1 / 4.0]);
const FIFTH: usize = memory.data<f64>([1 / 5.0]);
const SIXTH: usize = memory.data<f64>([1 / 6.0]);

/** 2^(x/64) of more is not finite when squared, of less its square is 0. */
const MOST: usize = memory.data<f64>([15697]);
const LEAST: usize = memory.data<f64>([-15697]);
/** 64 / ln 2. */
const STEPS: usize = memory.data<f64>([92.33248261689366]);
/** ln 2 / 64, and the coefficients of 2^(d/64) = 1 + d ln 2 / 64 + … */
const STEP: f64 = 0.010830424696249146;
const BY_ONE: usize = memory.data<f64>([STEP]);
const BY_TWO: usize = memory.data<f64>([STEP * STEP / 2]);
const BY_THREE: usize = memory.data<f64>([STEP * STEP * STEP / 6]);
const BY_FOUR: usize = memory.data<f64>([STEP * STEP * STEP * STEP / 24]);
const BY_FIVE: usize = memory.data<f64>([STEP * STEP * STEP * STEP * STEP / 120]);
/** 1.5 · 2^52: a smaller number that is added to it is rounded to an integer, in the lowest bits. */
const ROUNDING: usize = memory.data<f64>([6755399441055744]);

const LN_2: usize = memory.data<f64>([0.6931471805599453]);
const LEAST_NORMAL: usize = memory.data<f64>([2.2250738585072014e-308]);
/** 2^52, whose lowest bits count ones, and 2^52 + 1023. */
const COUNTING: usize = memory.data<f64>([4503599627370496]);
const COUNTED: usize = memory.data<f64>([4503599627371519]);
/** The middle of the first 128th from 1 to 2. */
const MIDDLE: usize = memory.data<f64>([1.00390625]);

@inline
function both(constant: usize): v128 {
  return v128.load64_splat(constant);
}

@inline
export function one(): v128 {
  return both(ONE);
}

/** ln 2 / 64 twice. */
@inline
export function step(): v128 {
  return both(BY_ONE);
}

/**
 * 2^(x/64) = 2^(n/64) 2^(d/64) with the nearest integer n and d = x − n, relative error below 1e-15. Arguments beyond
 * ±15,697, where e^±170 is, count as ±15,697.
 */
@inline
export function powerOfTwo(x: v128): v128 {
  x = f64x2.pmin(f64x2.pmax(x, both(LEAST)), both(MOST));
  const shifted = f64x2.add(x, both(ROUNDING));
  const d = f64x2.sub(x, f64x2.sub(shifted, both(ROUNDING)));
  const square = f64x2.mul(d, d);
  const low = f64x2.add(one(), f64x2.mul(d, both(BY_ONE)));
  const middle = f64x2.add(both(BY_TWO), f64x2.mul(d, both(BY_THREE)));
  const high = f64x2.add(both(BY_FOUR), f64x2.mul(d, both(BY_FIVE)));
  const series = f64x2.add(low, f64x2.mul(square, f64x2.add(middle, f64x2.mul(square, high))));
  const first = powers + (<usize>(i64x2.extract_lane(shifted, 0) & 63) << 3);
  const second = powers + (<usize>(i64x2.extract_lane(shifted, 1) & 63) << 3);
  const power = v128.load64_lane(second, v128.load64_zero(first), 1);
  // the multiples of 64 in n go to the exponent, which begins at bit 52
  const exponent = i64x2.shl(v128.andnot(shifted, i64x2.splat(63)), 46);
  return i64x2.add(f64x2.mul(power, series), exponent);
}

/** e^x; x is rounded once more than in `powerOfTwo`, which gives a relative error below 1e-15 + 2e-16 |x|. */
@inline
export function exponential(x: v128): v128 {
  return powerOfTwo(f64x2.mul(x, both(STEPS)));
}

/**
 * ln x = k ln 2 + ln m + ln(1 + u) with the middle m of the 128th that x / 2^k lies in and |u| <= 1/256, for x from 0 to
 * 1; error below 1e-15 of 1 or of ln x, whichever is more. Below 2^-1022 it is that number's.
 */
@inline
export function logarithm(x: v128): v128 {
  x = f64x2.pmax(x, both(LEAST_NORMAL));
  const k = f64x2.sub(v128.or(i64x2.shr_u(x, 52), both(COUNTING)), both(COUNTED));
  const first = v128.load(logarithms + (<usize>((i64x2.extract_lane(x, 0) >> 45) & 127) << 4));
  const second = v128.load(logarithms + (<usize>((i64x2.extract_lane(x, 1) >> 45) & 127) << 4));
  // the lowest 45 bits: how far into its 128th
  const within = v128.or(v128.and(x, i64x2.splat(0x1fffffffffff)), one());
  const u = f64x2.mul(f64x2.sub(within, both(MIDDLE)), v128.shuffle<f64>(first, second, 0, 2));
  const square = f64x2.mul(u, u);
  const high = f64x2.add(f64x2.sub(both(FOURTH), f64x2.mul(u, both(FIFTH))), f64x2.mul(square, both(SIXTH)));
  const low = f64x2.sub(both(HALF), f64x2.mul(u, both(THIRD)));
  const series = f64x2.sub(u, f64x2.mul(square, f64x2.add(low, f64x2.mul(square, high))));
  const near = f64x2.add(f64x2.mul(k, both(LN_2)), v128.shuffle<f64>(first, second, 1, 3));
  return f64x2.add(near, series);
}
