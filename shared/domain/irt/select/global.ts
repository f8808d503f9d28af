import { logarithm } from '../models/exponential.ts';
import { fillProbabilities } from '../models/information.ts';
import { dotRows, rowStarts, sum } from './rows.ts';
import type { Situation } from './situation.ts';

/**
 * Weighted information ∫ W(θ) I_j(θ) dθ: with masses of L, MLWI (Veerkamp & Berger 1997), of L φ, MPWI (van der Linden
 * 1998). The largest wins.
 */
export function weightedInformation({ candidates, table }: Situation, masses: Float64Array): Float64Array {
  const values = new Float64Array(candidates.length);
  const starts = new Int32Array(candidates.length);
  for (let k = 0; k < starts.length; k++) starts[k] = (candidates[k] ?? 0) * masses.length;
  dotRows(table.information, starts, masses, values);
  return values;
}

/**
 * Kullback & Leibler's divergence from θ̂ to every θ, weighted: ∫ W(θ) Σ_k P_k(θ̂) ln[P_k(θ̂)/P_k(θ)] dθ (Chang & Ying
 * 1996); with masses of L, KL, of L φ, KLP (Barrada, Olea, Ponsoda & Abad 2009). The largest wins.
 */
export function divergence(situation: Situation, masses: Float64Array): Float64Array {
  const { bank, candidates, theta, table } = situation;
  const starts = rowStarts(situation, 0);
  const terms = new Float64Array(starts.length);
  dotRows(table.logProbability, starts, masses, terms);
  const shares = new Float64Array(starts.length);
  fillProbabilities(bank, theta, candidates, shares);
  const total = sum(masses);
  for (let r = 0; r < terms.length; r++) {
    const share = shares[r] ?? 0;
    terms[r] = share * (total * logarithm(share) - (terms[r] ?? 0));
  }
  const values = new Float64Array(candidates.length);
  if (bank.dichotomous) {
    for (let j = 0; j < values.length; j++) values[j] = (terms[2 * j] ?? 0) + (terms[2 * j + 1] ?? 0);
    return values;
  }
  let row = 0;
  for (let j = 0; j < values.length; j++) {
    const end = row + (bank.categories[candidates[j] ?? 0] ?? 2);
    let value = 0;
    while (row < end) value += terms[row++] ?? 0;
    values[j] = value;
  }
  return values;
}

/**
 * Global discrimination: the variance of the item's true score T(θ) = Σ k P_k(θ) over the nodes, with weights w ∝ L
 * (GDI) or L φ (GDIP), all nodes alike (Kaplan, de la Torre & Barrada 2015; catR's GDI). The largest wins.
 */
export function discrimination({ bank, candidates, table }: Situation, weights: Float64Array): Float64Array {
  const { probability } = table;
  const count = weights.length;
  const total = sum(weights);
  const values = new Float64Array(candidates.length);
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
