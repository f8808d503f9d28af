import { copyOf, doubles, sum } from '../arrays.ts';
import { sharesAt } from '../models/information.ts';
import { logisticItemsOf } from '../tables/logistic-items.ts';
import type { Situation } from './situation.ts';

/**
 * Weighted information ∫ W(θ) I_j(θ) dθ: with masses of L, MLWI (Veerkamp & Berger 1997), of L φ, MPWI (van der Linden
 * 1998). The largest wins.
 */
export function weightedInformation({ candidates, table }: Situation, masses: Float64Array): Float64Array {
  return copyOf(table.information.dot(candidates, 0, masses), candidates.length);
}

/**
 * Kullback & Leibler's divergence from θ̂ to every θ, weighted: ∫ W(θ) Σ_k P_k(θ̂) ln[P_k(θ̂)/P_k(θ)] dθ (Chang & Ying
 * 1996); with masses of L, KL, of L φ, KLP (Barrada, Olea, Ponsoda & Abad 2009). The largest wins.
 */
export function divergence(situation: Situation, masses: Float64Array): Float64Array {
  const { bank, candidates, theta, table } = situation;
  const sums = table.logProbability.dot(candidates, 0, masses);
  const total = sum(masses);
  if (bank.dichotomous) {
    const divergences = logisticItemsOf(bank).divergences(candidates, theta, sums, total);
    return copyOf(divergences, candidates.length);
  }
  const values = doubles(candidates.length);
  const shares = sharesAt(bank, candidates, theta);
  let row = 0;
  for (let j = 0; j < values.length; j++) {
    const end = row + (bank.categories[candidates[j] ?? 0] ?? 2);
    let value = 0;
    for (; row < end; row++) {
      const share = shares[row] ?? 0;
      value += share * (total * Math.log(Math.max(share, Number.MIN_VALUE)) - (sums[row] ?? 0));
    }
    values[j] = value;
  }
  return values;
}

/**
 * Global discrimination: the variance of the item's true score T(θ) = Σ k P_k(θ) over the nodes, with weights w ∝ L
 * (GDI) or L φ (GDIP), all nodes alike (Kaplan, de la Torre & Barrada 2015; catR's GDI). The largest wins.
 */
export function discrimination({ bank, candidates, table }: Situation, weights: Float64Array): Float64Array {
  const { values: probability } = table.probability;
  const count = weights.length;
  const total = sum(weights);
  const values = doubles(candidates.length);
  for (let j = 0; j < values.length; j++) {
    const item = candidates[j] ?? 0;
    const row = (bank.rows[item] ?? 0) * count;
    const categories = bank.categories[item] ?? 2;
    let first = 0;
    let second = 0;
    for (let q = 0; q < count; q++) {
      let score = 0;
      for (let k = 1; k < categories; k++) score += k * (probability[row + k * count + q] ?? 0);
      const mass = weights[q] ?? 0;
      first += mass * score;
      second += mass * score * score;
    }
    values[j] = second / total - (first / total) ** 2;
  }
  return values;
}
