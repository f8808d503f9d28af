/**
 * Elementary functions with the same bits on every engine.
 *
 * ECMAScript leaves exp, log, tanh, sin and cos to the implementation, and V8 has changed them between
 * releases; only + - * / and sqrt are fixed by IEEE 754. A training must give the same weights on a
 * laptop and in the cloud, so these are built from those five alone. Accuracy: a few units in the last
 * place over the ranges that networks and environments use (tests compare with `Math`).
 */

// ln 2 split so that k * LN2_HIGH is exact for |k| < 2^20 (fdlibm e_exp.c).
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** ½ ln 2π, of the normal density. */
export const HALF_LOG_TAU = 0.9189385332046727;

const LOWEST_POWER = -540;
const POWERS_OF_TWO = powersOfTwo(LOWEST_POWER, 540);

function powersOfTwo(lowest: number, highest: number): Float64Array {
  const powers = new Float64Array(highest - lowest + 1);
  let value = 1;
  for (let k = 0; k <= highest; k++, value *= 2) powers[k - lowest] = value;
  value = 1;
  for (let k = 0; k >= lowest; k--, value /= 2) powers[k - lowest] = value;
  return powers;
}

function powerOfTwo(exponent: number): number {
  return POWERS_OF_TWO[exponent - LOWEST_POWER] ?? 0;
}

/** e^x: x = k ln 2 + r with |r| <= ln 2 / 2, then the Taylor series of e^r (next term below 5e-18). */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  if (x === 0) return 1; // of a softmax's largest logit
  const k = Math.round(x * Math.LOG2E);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let p = 1 + r / 13;
  for (let n = 12; n >= 1; n--) p = 1 + (r * p) / n;
  // In two factors, since 2^1024 overflows where e^x does not yet, and 2^-1074 is subnormal.
  const half = k >> 1;
  return p * powerOfTwo(half) * powerOfTwo(k - half);
}

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** Natural logarithm: x = 2^e m with m in [sqrt(1/2), sqrt(2)), ln m = 2 artanh((m-1)/(m+1)). */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let exponent = 0;
  scratch[0] = x;
  if (x < 2.2250738585072014e-308) {
    scratch[0] = x * 18014398509481984; // subnormal: times 2^54
    exponent = -54;
  }
  const high = scratchWords[1] ?? 0;
  exponent += (high >>> 20) - 1023;
  scratchWords[1] = (high & 0x000fffff) | 0x3ff00000;
  let mantissa = scratch[0];
  if (mantissa >= Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const z = s * s; // at most 0.0295: eleven terms leave less than 1e-18
  // Unrolled, so that the quotients are constants.
  const series =
    1 / 3 +
    z *
      (1 / 5 +
        z *
          (1 / 7 +
            z *
              (1 / 9 +
                z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21)))))))));
  return exponent * LN2_HIGH + (2 * s + (2 * s * z * series + exponent * LN2_LOW));
}

const TANH_LIMIT = 20; // tanh(20) rounds to 1
const TANH_STEPS = 64; // grid points per unit
const TANH_GRID = tanhGrid();

/** Lambert's continued fraction x/(1+x²/(3+x²/(5+…))): every term is positive, so it is stable. */
function lambertTanh(x: number): number {
  let fraction = 201;
  for (let n = 199; n >= 1; n -= 2) fraction = n + (x * x) / fraction;
  return x / fraction;
}

function tanhGrid(): Float64Array {
  const grid = new Float64Array(2 * TANH_LIMIT * TANH_STEPS + 1);
  const middle = TANH_LIMIT * TANH_STEPS;
  for (let k = 0; k <= middle; k++) {
    const value = lambertTanh(k / TANH_STEPS);
    grid[middle + k] = value;
    grid[middle - k] = -value;
  }
  return grid;
}

/**
 * tanh of the first `count` elements, in place (rounded to 32 bits where they have no more).
 *
 * tanh(g + d) = (tanh g + tanh d) / (1 + tanh g tanh d) with g the nearest multiple of 1/64 (a table)
 * and tanh d its series to d^7 (|d| <= 2^-7: the next term is below 2^-61 of the first). Four times
 * faster than V8's Math.tanh, which would be a quarter of a PPO update.
 */
export function tanhInPlace(values: Float64Array | Float32Array, count: number): void {
  const grid = TANH_GRID;
  for (let i = 0; i < count; i++) {
    let x = values[i] ?? 0;
    if (x > TANH_LIMIT) x = TANH_LIMIT;
    else if (x < -TANH_LIMIT) x = -TANH_LIMIT;
    const k = (x * TANH_STEPS + (TANH_LIMIT * TANH_STEPS + 0.5)) | 0;
    const d = x - (k - TANH_LIMIT * TANH_STEPS) / TANH_STEPS;
    const z = d * d;
    const near = d * (1 + z * (-1 / 3 + z * (2 / 15 + z * (-17 / 315))));
    const far = grid[k] ?? 0;
    values[i] = (far + near) / (1 + far * near);
  }
}

const tanhScratch = new Float64Array(1);

/** tanh(x), with the bits of `tanhInPlace`. */
export function tanh(x: number): number {
  tanhScratch[0] = x;
  tanhInPlace(tanhScratch, 1);
  return tanhScratch[0] ?? x;
}

// pi/2 split after 33 bits, so that n * PIO2_HIGH is exact for n < 2^20 (fdlibm e_rem_pio2.c).
const PIO2_HIGH = 1.5707963267341256;
const PIO2_LOW = 6.077100506506192e-11;
const REDUCTION_LIMIT = 1e6;

/** Taylor series of sine and cosine on |r| <= pi/4 (next terms below 5e-18). */
function sineSeries(r: number): number {
  const z = r * r;
  let p = 1 - z / (18 * 19);
  for (let n = 16; n >= 2; n -= 2) p = 1 - (z * p) / (n * (n + 1));
  return r * p;
}

function cosineSeries(r: number): number {
  const z = r * r;
  let p = 1 - z / (17 * 18);
  for (let n = 15; n >= 1; n -= 2) p = 1 - (z * p) / (n * (n + 1));
  return p;
}

/** sin(x), x in radians; NaN beyond a million radians, which no environment's angle reaches. */
export function sin(x: number): number {
  return quadrantSine(x, 0);
}

/** cos(x), x in radians; NaN beyond a million radians, which no environment's angle reaches. */
export function cos(x: number): number {
  return quadrantSine(x, 1);
}

function quadrantSine(x: number, quarterTurns: number): number {
  if (!(Math.abs(x) <= REDUCTION_LIMIT)) return Number.NaN;
  const n = Math.round(x / (Math.PI / 2));
  const r = x - n * PIO2_HIGH - n * PIO2_LOW;
  const quadrant = (n + quarterTurns) & 3;
  const value = (quadrant & 1) === 0 ? sineSeries(r) : cosineSeries(r);
  return quadrant < 2 ? value : -value;
}
