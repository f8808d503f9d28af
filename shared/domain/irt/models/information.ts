import { type Bank, LOGISTIC } from '../bank.ts';
import { createCurves, evaluate, informationOf } from './curves.ts';

const curves = createCurves();

/**
 * I(θ) of one item, unchecked, for loops over a bank. The logistic family's in one expression:
 * (D a)² s(1 − s) · (d − c)s/P · (d − c)(1 − s)/Q, where the last two factors are 1 for c = 0 and d = 1.
 */
export function informationAt(bank: Bank, item: number, theta: number): number {
  if (bank.family[item] !== LOGISTIC) {
    evaluate(bank, item, theta, curves);
    return informationOf(curves);
  }
  const slope = bank.slope[item] ?? 0;
  const c = bank.c[item] ?? 0;
  const d = bank.d[item] ?? 1;
  const z = slope * (theta - (bank.b[item] ?? 0));
  const e = Math.exp(-Math.abs(z));
  const large = 1 / (1 + e);
  const small = e * large;
  let information = slope * slope * small * large;
  if (c === 0 && d === 1) return information;
  const s = z < 0 ? small : large;
  const t = z < 0 ? large : small;
  const range = d - c;
  if (c !== 0) information *= (range * s) / (c + range * s);
  if (d !== 1) information *= (range * t) / (1 - d + range * t);
  return information;
}
