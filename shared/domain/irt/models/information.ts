import { copyOf, doubles } from '../arrays.ts';
import { type Bank, LOGISTIC } from '../bank.ts';
import { logisticItemsOf } from '../tables/logistic-items.ts';
import { createCurves, evaluate, informationOf } from './curves.ts';

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
 * r² e² / ((1 + e)² (c e + d)((1 − c) e + 1 − d)), of which for d = 1 remains r e / ((1 + e)² (1 + c e)). Beyond ±170,
 * where e² would overflow, z counts as ±170.
 */
function logisticInformation(z: number, c: number, d: number): number {
  const e = Math.exp(Math.min(170, Math.max(-170, -z)));
  const u = 1 + e;
  const range = d - c;
  if (d === 1) return (range * e) / (u * u * (1 + c * e));
  return (range * range * e * e) / (u * u * (c * e + d) * ((1 - c) * e + 1 - d));
}

/** I(θ) of every item of `items`, unchecked; none stands there twice. */
export function informationsAt(bank: Bank, items: Int32Array, theta: number): Float64Array {
  if (bank.dichotomous) return copyOf(logisticItemsOf(bank).information(items, theta), items.length);
  const values = doubles(items.length);
  for (let k = 0; k < items.length; k++) values[k] = informationAt(bank, items[k] ?? 0, theta);
  return values;
}

/** P_k(θ) of every category of every item of `items`, item after item, unchecked; none stands there twice. */
export function sharesAt(bank: Bank, items: Int32Array, theta: number): Float64Array {
  if (bank.dichotomous) return copyOf(logisticItemsOf(bank).shares(items, theta), 2 * items.length);
  let rows = 0;
  for (let k = 0; k < items.length; k++) rows += bank.categories[items[k] ?? 0] ?? 2;
  const shares = doubles(rows);
  let row = 0;
  for (let k = 0; k < items.length; k++) {
    evaluate(bank, items[k] ?? 0, theta, curves);
    for (let j = 0; j < curves.categories; j++) shares[row++] = curves.p[j] ?? 0;
  }
  return shares;
}
