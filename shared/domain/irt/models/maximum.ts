import { at, type Bank, LOGISTIC } from '../bank.ts';
import { createCurves, evaluate, informationOf } from './curves.ts';

const known = new WeakMap<Bank, Float64Array>();

/**
 * θ at which each item is most informative [size], computed once for a bank.
 * 1PL, 2PL: b. 3PL: b + ln((1 + √(1 + 8c))/2)/(D a) (Birnbaum 1968). 4PL: the one root of dI/ds (Magis 2013).
 * Polytomous items, which may have several peaks: the highest on a grid, then polished.
 */
export function thetasOfMaximum(bank: Bank): Float64Array {
  const before = known.get(bank);
  if (before !== undefined) return before;
  const thetas = Float64Array.from({ length: bank.size }, (_, item) =>
    bank.family[item] === LOGISTIC ? maximumOfLogistic(bank, item) : maximumOfPolytomous(bank, item),
  );
  known.set(bank, thetas);
  return thetas;
}

function maximumOfLogistic(bank: Bank, item: number): number {
  const b = at(bank.b, item);
  const c = at(bank.c, item);
  const d = at(bank.d, item);
  const slope = at(bank.slope, item);
  if (d === 1) return b + Math.log((1 + Math.sqrt(1 + 8 * c)) / 2) / slope;
  const s = maximumShare(c, d);
  return b + Math.log(s / (1 - s)) / slope;
}

/**
 * I ∝ s²(1 − s)²/(PQ) with P = c + (d − c)s: its logarithm's derivative times s(1 − s)PQ is
 * 2(1 − 2s)PQ − (d − c)(1 − 2P)s(1 − s), which changes its sign once on (0, 1).
 */
function maximumShare(c: number, d: number): number {
  let low = 0;
  let high = 1;
  for (let turn = 0; turn < 100; turn++) {
    const s = (low + high) / 2;
    if (s === low || s === high) break;
    const p = c + (d - c) * s;
    if (2 * (1 - 2 * s) * p * (1 - p) > (d - c) * (1 - 2 * p) * s * (1 - s)) low = s;
    else high = s;
  }
  return (low + high) / 2;
}

const curves = createCurves();

function maximumOfPolytomous(bank: Bank, item: number): number {
  const informationAt = (theta: number): number => {
    evaluate(bank, item, theta, curves);
    return informationOf(curves);
  };
  const thresholds = bank.thresholds.subarray(at(bank.offset, item), at(bank.offset, item + 1));
  const low = Math.min(...thresholds) - 1;
  const span = Math.max(...thresholds) + 1 - low;
  // a peak is some logits wide, so a step of a quarter logit misses none
  const steps = Math.max(8, Math.ceil(4 * span * at(bank.slope, item)));
  let best = 0;
  for (let k = 1; k <= steps; k++)
    if (informationAt(low + (span * k) / steps) > informationAt(low + (span * best) / steps)) best = k;
  return peakBetween(informationAt, low + (span * (best - 1)) / steps, low + (span * (best + 1)) / steps);
}

/** Golden section search for the maximum of a function with one peak on [low, high]. */
function peakBetween(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [left, right] = [low, high];
  let inner = right - ratio * (right - left);
  let outer = left + ratio * (right - left);
  let [atInner, atOuter] = [f(inner), f(outer)];
  while (right - left > 1e-9) {
    if (atInner >= atOuter) {
      [right, outer, atOuter] = [outer, inner, atInner];
      inner = right - ratio * (right - left);
      atInner = f(inner);
    } else {
      [left, inner, atInner] = [inner, outer, atOuter];
      outer = left + ratio * (right - left);
      atOuter = f(outer);
    }
  }
  return (left + right) / 2;
}
