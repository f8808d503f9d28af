/**
 * Items of 1PL to 4PL at one θ, two at a time. Parameters are f64 [items][4]: 64/ln 2 D a, b, c, d. `items` are the
 * items' numbers, u32, in twos.
 */
import { total } from './sums';
import { logarithm, one, powerOfTwo, step } from './transcendental';

/** Where the parameters are of the item whose number is at `item`. */
@inline
function parametersOf(parameters: usize, item: usize): usize {
  return parameters + (<usize>load<u32>(item) << 5);
}

/** e^(−D a (θ − b)) of the items at `a` and `b`. */
@inline
function oddsOfWrong(a: usize, b: usize, ability: v128): v128 {
  const slope = v128.shuffle<f64>(v128.load(a), v128.load(b), 0, 2);
  const difficulty = v128.shuffle<f64>(v128.load(a), v128.load(b), 1, 3);
  return powerOfTwo(f64x2.mul(slope, f64x2.sub(difficulty, ability)));
}

/**
 * I = P'²/(PQ), f64 into `values`. With e = e^(−D a (θ − b)) and r = d − c it is
 * (D a r e)² / ((1 + e)² (c e + d)((1 − c) e + 1 − d)).
 */
export function information(
  parameters: usize,
  items: usize,
  twos: i32,
  theta: f64,
  values: usize,
): void {
  const ability = f64x2.splat(theta);
  for (; twos > 0; twos--) {
    const a = parametersOf(parameters, items);
    const b = parametersOf(parameters, items + 4);
    const slope = v128.shuffle<f64>(v128.load(a), v128.load(b), 0, 2);
    const lower = v128.shuffle<f64>(v128.load(a, 16), v128.load(b, 16), 0, 2);
    const upper = v128.shuffle<f64>(v128.load(a, 16), v128.load(b, 16), 1, 3);
    const e = oddsOfWrong(a, b, ability);
    const rise = f64x2.mul(f64x2.mul(f64x2.mul(slope, step()), f64x2.sub(upper, lower)), e);
    const whole = f64x2.add(one(), e);
    const right = f64x2.add(f64x2.mul(lower, e), upper);
    const wrong = f64x2.add(f64x2.mul(f64x2.sub(one(), lower), e), f64x2.sub(one(), upper));
    const below = f64x2.mul(f64x2.mul(whole, whole), f64x2.mul(right, wrong));
    v128.store(values, f64x2.div(f64x2.mul(rise, rise), below));
    items += 8;
    values += 16;
  }
}

/** P of wrong and right, two f64 an item into `values`; neither comes from the other by subtraction from 1. */
export function shares(
  parameters: usize,
  items: usize,
  twos: i32,
  theta: f64,
  values: usize,
): void {
  const ability = f64x2.splat(theta);
  for (; twos > 0; twos--) {
    const a = parametersOf(parameters, items);
    const b = parametersOf(parameters, items + 4);
    const lower = v128.shuffle<f64>(v128.load(a, 16), v128.load(b, 16), 0, 2);
    const upper = v128.shuffle<f64>(v128.load(a, 16), v128.load(b, 16), 1, 3);
    const e = oddsOfWrong(a, b, ability);
    const s = f64x2.div(one(), f64x2.add(one(), e));
    const range = f64x2.mul(f64x2.sub(upper, lower), s);
    const right = f64x2.add(lower, range);
    const wrong = f64x2.add(f64x2.sub(one(), upper), f64x2.mul(range, e));
    v128.store(values, v128.shuffle<f64>(wrong, right, 0, 2));
    v128.store(values, v128.shuffle<f64>(wrong, right, 1, 3), 16);
    items += 8;
    values += 32;
  }
}

/**
 * Σ P (m ln P − D) over wrong and right, one f64 an item into `values`.
 * @param sums each one's D, f64 [count][2]
 */
export function divergences(shared: usize, sums: usize, count: i32, mass: f64, values: usize): void {
  const masses = f64x2.splat(mass);
  for (; count > 0; count--) {
    const share = v128.load(shared);
    const logarithms = f64x2.mul(masses, logarithm(share));
    store<f64>(values, total(f64x2.mul(share, f64x2.sub(logarithms, v128.load(sums)))));
    shared += 16;
    sums += 16;
    values += 8;
  }
}

/** The part of wrong, which is the whole without the part of right, and the part of right. */
@inline
function parts(whole: f64, right: usize): v128 {
  const part = v128.load64_splat(right);
  return v128.shuffle<f64>(f64x2.sub(f64x2.splat(whole), part), part, 0, 2);
}

/**
 * Σ P (S/M − (F/M)²) over wrong and right, one f64 an item into `values`.
 * @param sums M, F and S of right, f64 [count][3]
 * @param mass the sum of M over both, as `first` is of F and `second` of S
 * @param limit of wrong
 * @returns more than 0 if every M of wrong is above its limit, and every M of right above 0
 */
export function variances(
  shared: usize,
  sums: usize,
  count: i32,
  mass: f64,
  first: f64,
  second: f64,
  limit: f64,
  values: usize,
): f64 {
  let least = f64x2.splat(mass);
  for (; count > 0; count--) {
    const masses = parts(mass, sums);
    least = f64x2.pmin(least, masses);
    const inverse = f64x2.div(one(), masses);
    const mean = f64x2.mul(parts(first, sums + 8), inverse);
    const variance = f64x2.sub(f64x2.mul(parts(second, sums + 16), inverse), f64x2.mul(mean, mean));
    store<f64>(values, total(f64x2.mul(v128.load(shared), variance)));
    shared += 16;
    sums += 24;
    values += 8;
  }
  return min(f64x2.extract_lane(least, 0) - limit, f64x2.extract_lane(least, 1));
}
