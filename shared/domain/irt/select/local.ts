import { doubles } from '../arrays.ts';
import { type Bank, LOGISTIC } from '../bank.ts';
import { integralOf } from '../integral.ts';
import { informationAt, informationsAt } from '../models/information.ts';
import { thetasOfMaximum } from '../models/maximum.ts';
import type { Situation } from './situation.ts';

/** Maximum Fisher information: I_j(θ̂) (Lord 1980). The largest wins. */
export const fisherInformation = ({ bank, candidates, theta }: Situation): Float64Array =>
  informationsAt(bank, candidates, theta);

/**
 * |b_j − (θ̂ + offset)| (Urry 1970); of a polytomous item b is the mean of its thresholds. The smallest wins.
 * @param offset 0 for Urry's rule; 0.481 = ln((1 + √5)/2), the peak's distance from b for c = .5 and a = 1, is jsCAT's
 * `closest`
 */
export function difficultyDistance({ bank, candidates, theta }: Situation, offset = 0): Float64Array {
  const values = doubles(candidates.length);
  const target = theta + offset;
  for (let k = 0; k < values.length; k++) values[k] = Math.abs((bank.b[candidates[k] ?? 0] ?? 0) - target);
  return values;
}

/** |θ_max,j − θ̂|, the distance to where the item informs most (Li & Schafer 2005; catR's thOpt). The smallest wins. */
export function maximumDistance({ bank, candidates, theta }: Situation): Float64Array {
  const peaks = thetasOfMaximum(bank);
  const values = doubles(candidates.length);
  for (let k = 0; k < values.length; k++) values[k] = Math.abs((peaks[candidates[k] ?? 0] ?? 0) - theta);
  return values;
}

/**
 * Interval information: ∫ I_j(θ) dθ over θ̂ ± halfWidth (Veerkamp & Berger 1997; catsim's interval selector), by Gauss
 * and Legendre's rule on pieces no wider than 1/(D a). The largest wins.
 */
export function intervalInformation({ bank, candidates, theta }: Situation, halfWidth: number): Float64Array {
  const values = doubles(candidates.length);
  for (let k = 0; k < values.length; k++)
    values[k] = informationBetween(bank, candidates[k] ?? 0, theta - halfWidth, theta + halfWidth);
  return values;
}

function informationBetween(bank: Bank, item: number, lower: number, upper: number): number {
  const slope = bank.slope[item] ?? 1;
  // 1PL and 2PL have it in closed form: ∫ D²a² s(1 − s) dθ = D a [s]
  if (bank.family[item] === LOGISTIC && bank.c[item] === 0 && bank.d[item] === 1) {
    const b = bank.b[item] ?? 0;
    return slope * (logistic(slope * (upper - b)) - logistic(slope * (lower - b)));
  }
  const pieces = Math.ceil((upper - lower) * slope);
  return integralOf((theta) => informationAt(bank, item, theta), lower, upper, pieces);
}

const logistic = (z: number): number => 1 / (1 + Math.exp(-z));
