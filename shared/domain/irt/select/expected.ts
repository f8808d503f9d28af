import { copyOf, doubles, sum } from '../arrays.ts';
import { at } from '../bank.ts';
import { createCurves, evaluate } from '../models/curves.ts';
import { informationAt, sharesAt } from '../models/information.ts';
import { logisticItemsOf } from '../tables/logistic-items.ts';
import type { Moments } from '../tables/row-table.ts';
import type { Situation } from './situation.ts';

/** The share of the present posterior below which category 0's is not left to subtraction. */
const LEAST_LEFT = 1e-4;

const curves = createCurves();

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
  const sums = table.probability.moments(candidates, 1, present);
  const shares = sharesAt(bank, candidates, theta);
  const values = doubles(candidates.length);
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
    if (r0 < LEAST_LEFT * t0) [r0, r1, r2] = sumsOfLowest(situation, present, item);
    if (r0 > 0) expected += (shares[lowest] ?? 0) * worth(item, 0, r0, r1, r2);
    values[j] = expected;
  }
  return values;
}

function momentsAt(nodes: Float64Array, mass: Float64Array): Moments {
  const first = doubles(mass.length);
  const second = doubles(mass.length);
  for (let q = 0; q < mass.length; q++) {
    const node = nodes[q] ?? 0;
    first[q] = (mass[q] ?? 0) * node;
    second[q] = (first[q] ?? 0) * node;
  }
  return { mass, first, second };
}

/** Of category 0 alone, without the table's kernels, whose sums of the other categories are still in use. */
function sumsOfLowest(
  { bank, table }: Situation,
  { mass, first, second }: Moments,
  item: number,
): [number, number, number] {
  const { values } = table.probability;
  const start = at(bank.rows, item) * mass.length;
  let r0 = 0;
  let r1 = 0;
  let r2 = 0;
  for (let q = 0; q < mass.length; q++) {
    const share = at(values, start + q);
    r0 += at(mass, q) * share;
    r1 += at(first, q) * share;
    r2 += at(second, q) * share;
  }
  return [r0, r1, r2];
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

/** Of a response that nobody gives there is none: it counts as 0. */
function varianceOf(mass: number, first: number, second: number): number {
  if (!(mass > 0)) return 0;
  const inverse = 1 / mass;
  const mean = first * inverse;
  return second * inverse - mean * mean;
}

/** `expectationOf` for right and wrong, by a kernel. */
function varianceOfDichotomous(situation: Situation): Float64Array {
  const { bank, candidates, theta, table, posteriorMasses } = situation;
  const present = momentsAt(table.grid.nodes, posteriorMasses);
  const wholes = [sum(present.mass), sum(present.first), sum(present.second)] as const;
  const sums = table.probability.moments(candidates, 1, present);
  const least = LEAST_LEFT * wholes[0];
  const variances = logisticItemsOf(bank).variances(candidates, theta, sums, wholes, least);
  const values = copyOf(variances.values, candidates.length);
  if (variances.sound) return values;
  for (let j = 0; j < values.length; j++) {
    const mass = sums[3 * j] ?? 0;
    if (mass > 0 && wholes[0] - mass >= least) continue;
    const item = candidates[j] ?? 0;
    evaluate(bank, item, theta, curves);
    const right = varianceOf(mass, at(sums, 3 * j + 1), at(sums, 3 * j + 2));
    const wrong = varianceOf(...sumsOfLowest(situation, present, item));
    values[j] = at(curves.p, 0) * wrong + at(curves.p, 1) * right;
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

/** The same with the information −d² ln P_k/dθ² that response k would show, instead of the expected one. */
export function expectedObservedInformation(situation: Situation): Float64Array {
  const { bank } = situation;
  return expectationOf(situation, (item, category, mass, first) => {
    evaluate(bank, item, first / mass, curves);
    return curves.w[category] ?? 0;
  });
}
