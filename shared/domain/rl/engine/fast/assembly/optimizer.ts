const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;

/**
 * Where a ReLU is dead its moments decay to subnormal numbers and stay there, and every operation with one takes a
 * hundred cycles. Adding a number and taking it away again clears what is below 2^-24 of it, and is exact for what is
 * above 2^24 of it: m below 6e-26 and v below 6e-36 become 0. √v counts beside ε only from 1e-15 on.
 */
const CLEARING_M: f32 = 1e-18;
const CLEARING_V: f32 = 1e-28;

/** Read from memory for the reason in tanh.ts. */
@inline
const FACTORS: usize = memory.data<f32>(
  [<f32>BETA_1, <f32>(1 - BETA_1), <f32>BETA_2, <f32>(1 - BETA_2), CLEARING_M, CLEARING_V],
  16,
);

/**
 * Adam as PyTorch computes it: θ -= lr/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε), with gradients scaled first by
 * min(1, maxNorm / (norm + 1e-6)). What belongs to no element of four is computed in 64 bits.
 *
 * @param count a multiple of 4
 * @param counters t, β₁ᵗ, β₂ᵗ in 64 bits
 * @param maxNorm negative: not clipped
 * @returns the norm before scaling, 0 if it is not clipped
 */
export function adam(
  parameters: usize,
  gradients: usize,
  m: usize,
  v: usize,
  count: i32,
  counters: usize,
  learningRate: f64,
  epsilon: f64,
  maxNorm: f64,
): f64 {
  let norm: f64 = 0;
  let scale: f64 = 1;
  if (maxNorm >= 0) {
    norm = Math.sqrt(sumOfSquares(gradients, count));
    // NaN stays NaN.
    const wanted = maxNorm / (norm + 1e-6);
    if (!(wanted >= 1)) scale = wanted;
  }
  const power1 = load<f64>(counters, 8) * BETA_1;
  const power2 = load<f64>(counters, 16) * BETA_2;
  store<f64>(counters, load<f64>(counters) + 1);
  store<f64>(counters, power1, 8);
  store<f64>(counters, power2, 16);
  const stepSize = f32x4.splat(<f32>(learningRate / (1 - power1)));
  const rootCorrection = f32x4.splat(<f32>(1 / Math.sqrt(1 - power2)));
  const keep1 = v128.load32_splat(FACTORS);
  const take1 = v128.load32_splat(FACTORS, 4);
  const keep2 = v128.load32_splat(FACTORS, 8);
  const take2 = v128.load32_splat(FACTORS, 12);
  const clip = f32x4.splat(<f32>scale);
  const eps = f32x4.splat(<f32>epsilon);
  const clearingM = v128.load32_splat(FACTORS, 16);
  const clearingV = v128.load32_splat(FACTORS, 20);
  const end = gradients + (<usize>count << 2);
  for (; gradients < end; gradients += 16) {
    const g = f32x4.mul(clip, v128.load(gradients));
    const first = cleared(clearingM, f32x4.add(f32x4.mul(keep1, v128.load(m)), f32x4.mul(take1, g)));
    const second = cleared(
      clearingV,
      f32x4.add(f32x4.mul(keep2, v128.load(v)), f32x4.mul(take2, f32x4.mul(g, g))),
    );
    v128.store(m, first);
    v128.store(v, second);
    const root = f32x4.add(f32x4.mul(f32x4.sqrt(second), rootCorrection), eps);
    v128.store(
      parameters,
      f32x4.sub(v128.load(parameters), f32x4.div(f32x4.mul(stepSize, first), root)),
    );
    m += 16;
    v += 16;
    parameters += 16;
  }
  return norm;
}

@inline
function cleared(clearing: v128, x: v128): v128 {
  return f32x4.sub(f32x4.add(x, clearing), clearing);
}

/** In 64 bits, so that neither the order nor the number of gradients costs precision. */
function sumOfSquares(values: usize, count: i32): f64 {
  let low = f64x2.splat(0);
  let high = low;
  const end = values + (<usize>count << 2);
  for (; values < end; values += 16) {
    const g = v128.load(values);
    const a = f64x2.promote_low_f32x4(g);
    const b = f64x2.promote_low_f32x4(v128.shuffle<f64>(g, g, 1, 1));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
  }
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** target = (1 - tau) target + tau source. */
export function blend(target: usize, source: usize, count: i32, tau: f64): void {
  const take = f32x4.splat(<f32>tau);
  const keep = f32x4.splat(<f32>(1 - tau));
  const end = target + (<usize>count << 2);
  for (; target < end; target += 16) {
    v128.store(target, f32x4.add(f32x4.mul(keep, v128.load(target)), f32x4.mul(take, v128.load(source))));
    source += 16;
  }
}
