import { type Bank, LOGISTIC } from '../bank.ts';
import { createCurves, evaluate, informationOf } from './curves.ts';
import { exponential } from './exponential.ts';

const curves = createCurves();

/** I(θ) of one item, unchecked. */
export function informationAt(bank: Bank, item: number, theta: number): number {
  if (bank.family[item] === LOGISTIC) {
    const slope = bank.slope[item] ?? 0;
    const z = slope * (theta - (bank.b[item] ?? 0));
    return slope * slope * logisticInformation(z, bank.c[item] ?? 0, bank.d[item] ?? 1);
  }
  evaluate(bank, item, theta, curves);
  return informationOf(curves);
}

/**
 * P'²/(PQ) of the logistic family by z = D a (θ − b) instead of θ. With e = e^−z and r = d − c it is
 * r² e² / ((1 + e)² (c e + d)((1 − c) e + 1 − d)), of which for d = 1 remains r e / ((1 + e)² (1 + c e)).
 */
function logisticInformation(z: number, c: number, d: number): number {
  const e = exponential(-z);
  const u = 1 + e;
  const range = d - c;
  if (d === 1) return (range * e) / (u * u * (1 + c * e));
  return (range * range * e * e) / (u * u * (c * e + d) * ((1 - c) * e + 1 - d));
}

/** I(θ) of every item of `items` into `values`, unchecked. */
export function fillInformation(bank: Bank, theta: number, items: Int32Array, values: Float64Array): void {
  const { slope, b, c } = bank;
  const count = values.length;
  if (!bank.upToThree) {
    for (let k = 0; k < count; k++) values[k] = informationAt(bank, items[k] ?? 0, theta);
    return;
  }
  for (let k = 0; k < count; k++) {
    const item = items[k] ?? 0;
    const steepness = slope[item] ?? 0;
    const z = steepness * (theta - (b[item] ?? 0));
    const guessing = c[item] ?? 0;
    const e = exponential(-z);
    const u = 1 + e;
    values[k] = (steepness * steepness * (1 - guessing) * e) / (u * u * (1 + guessing * e));
  }
}

/**
 * P_k(θ) of every category of every item of `items` into `shares`, one item after another, unchecked: of dichotomous
 * items wrong, right, wrong, right, ….
 */
export function fillProbabilities(bank: Bank, theta: number, items: Int32Array, shares: Float64Array): void {
  if (bank.dichotomous) {
    fillRightAndWrong(bank, theta, items, shares);
    return;
  }
  let row = 0;
  for (let k = 0; k < items.length; k++) {
    const item = items[k] ?? 0;
    evaluate(bank, item, theta, curves);
    for (let j = 0; j < curves.categories; j++) shares[row + j] = curves.p[j] ?? 0;
    row += curves.categories;
  }
}

function fillRightAndWrong(bank: Bank, theta: number, items: Int32Array, shares: Float64Array): void {
  const { slope, b, c, d } = bank;
  for (let k = 0; k < items.length; k++) {
    const item = items[k] ?? 0;
    const lower = c[item] ?? 0;
    const upper = d[item] ?? 1;
    const e = exponential((slope[item] ?? 0) * ((b[item] ?? 0) - theta));
    const s = 1 / (1 + e);
    shares[2 * k] = 1 - upper + (upper - lower) * e * s;
    shares[2 * k + 1] = lower + (upper - lower) * s;
  }
}
