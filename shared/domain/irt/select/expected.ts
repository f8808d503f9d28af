import { at } from '../bank.ts';
import { createCurves, evaluate } from '../models/curves.ts';
import { exponential } from '../models/exponential.ts';
import { fillProbabilities, informationAt } from '../models/information.ts';
import { type Moments, momentRows, momentsAt, rowStarts, sum } from './rows.ts';
import type { Situation } from './situation.ts';

/** What a response is worth, by the posterior after it: its mass, Σ mθ and Σ mθ². */
type Worth = (item: number, category: number, mass: number, first: number, second: number) => number;

/**
 * Σ_k P_k(θ̂) worth(k) for every candidate. The posteriors after the categories above 0 are summed over the nodes; the
 * one after category 0 is what remains of the present one, unless that is too little to be left by subtraction.
 */
function expectationOf(situation: Situation, worth: Worth): Float64Array {
  const { bank, candidates, theta, table, posteriorMasses } = situation;
  const present = momentsAt(table.grid.nodes, posteriorMasses);
  const t0 = sum(present.mass);
  const t1 = sum(present.first);
  const t2 = sum(present.second);
  const starts = rowStarts(situation, 1);
  const sums = new Float64Array(3 * starts.length);
  momentRows(table.probability, starts, present, sums);
  const shares = new Float64Array(starts.length + candidates.length);
  fillProbabilities(bank, theta, candidates, shares);
  const values = new Float64Array(candidates.length);
  let row = 0;
  for (let j = 0; j < values.length; j++) {
    const item = candidates[j] ?? 0;
    const lowest = row + j;
    const last = (bank.categories[item] ?? 2) - 1;
    let r0 = t0;
    let r1 = t1;
    let r2 = t2;
    let expected = 0;
    for (let k = 1; k <= last; k++, row++) {
      const mass = sums[3 * row] ?? 0;
      const first = sums[3 * row + 1] ?? 0;
      const second = sums[3 * row + 2] ?? 0;
      r0 -= mass;
      r1 -= first;
      r2 -= second;
      if (mass > 0) expected += (shares[lowest + k] ?? 0) * worth(item, k, mass, first, second);
    }
    if (r0 < 1e-4 * t0) [r0, r1, r2] = sumsOfLowest(situation, present, item);
    if (r0 > 0) expected += (shares[lowest] ?? 0) * worth(item, 0, r0, r1, r2);
    values[j] = expected;
  }
  return values;
}

function sumsOfLowest({ bank, table }: Situation, present: Moments, item: number): [number, number, number] {
  const sums = new Float64Array(3);
  momentRows(table.probability, Int32Array.of(at(bank.rows, item) * present.mass.length), present, sums);
  return [at(sums, 0), at(sums, 1), at(sums, 2)];
}

/**
 * Minimum expected posterior variance: Σ_k P_k(θ̂) Var(θ | answers, response k) with the EAP's variances (van der Linden
 * 1998; catR's MEPV). The smallest wins.
 */
export function expectedPosteriorVariance(situation: Situation): Float64Array {
  return situation.bank.dichotomous
    ? varianceOfDichotomous(situation)
    : expectationOf(situation, (_, __, mass, first, second) => varianceOf(mass, first, second));
}

function varianceOf(mass: number, first: number, second: number): number {
  const inverse = 1 / mass;
  const mean = first * inverse;
  return second * inverse - mean * mean;
}

/** `expectationOf` for right and wrong, without a call for each and with fewer arrays. */
function varianceOfDichotomous(situation: Situation): Float64Array {
  const { bank, candidates, theta, table, posteriorMasses } = situation;
  const { slope, b, c, d } = bank;
  const present = momentsAt(table.grid.nodes, posteriorMasses);
  const t0 = sum(present.mass);
  const t1 = sum(present.first);
  const t2 = sum(present.second);
  const sums = new Float64Array(3 * candidates.length);
  momentRows(table.probability, rowStarts(situation, 1), present, sums);
  const values = new Float64Array(candidates.length);
  for (let j = 0; j < values.length; j++) {
    const item = candidates[j] ?? 0;
    const lower = c[item] ?? 0;
    const upper = d[item] ?? 1;
    const e = exponential((slope[item] ?? 0) * ((b[item] ?? 0) - theta));
    const s = 1 / (1 + e);
    const r0 = sums[3 * j] ?? 0;
    const r1 = sums[3 * j + 1] ?? 0;
    const r2 = sums[3 * j + 2] ?? 0;
    const right = lower + (upper - lower) * s;
    const wrong = 1 - upper + (upper - lower) * e * s;
    let w0 = t0 - r0;
    let w1 = t1 - r1;
    let w2 = t2 - r2;
    if (w0 < 1e-4 * t0) [w0, w1, w2] = sumsOfLowest(situation, present, item);
    values[j] = (r0 > 0 ? right * varianceOf(r0, r1, r2) : 0) + (w0 > 0 ? wrong * varianceOf(w0, w1, w2) : 0);
  }
  return values;
}

/**
 * Maximum expected information: Σ_k P_k(θ̂) I_j(θ̂_k), where θ̂_k is the EAP after response k (van der Linden 1998). The
 * largest wins.
 */
export function expectedInformation(situation: Situation): Float64Array {
  const { bank } = situation;
  return expectationOf(situation, (item, _, mass, first) => informationAt(bank, item, first / mass));
}

const curves = createCurves();

/** The same with the information −d² ln P_k/dθ² that response k would show, instead of the expected one. */
export function expectedObservedInformation(situation: Situation): Float64Array {
  const { bank } = situation;
  return expectationOf(situation, (item, category, mass, first) => {
    evaluate(bank, item, first / mass, curves);
    return curves.w[category] ?? 0;
  });
}
