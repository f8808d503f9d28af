import { createCurves, evaluate } from '../models/curves.ts';
import type { Situation } from './situation.ts';

const curves = createCurves();

/**
 * Weighted information ∫ W(θ) I_j(θ) dθ: with masses of L, MLWI (Veerkamp & Berger 1997), of L φ, MPWI (van der Linden
 * 1998). The largest wins.
 */
export function weightedInformation({ candidates, table }: Situation, masses: Float64Array): Float64Array {
  const { information } = table;
  const count = masses.length;
  const values = new Float64Array(candidates.length);
  for (let k = 0; k < values.length; k++) {
    const start = (candidates[k] ?? 0) * count;
    let sum = 0;
    for (let q = 0; q < count; q++) sum += (masses[q] ?? 0) * (information[start + q] ?? 0);
    values[k] = sum;
  }
  return values;
}

/**
 * Kullback & Leibler's divergence from θ̂ to every θ, weighted: ∫ W(θ) Σ_k P_k(θ̂) ln[P_k(θ̂)/P_k(θ)] dθ (Chang & Ying
 * 1996); with masses of L, KL, of L φ, KLP (Barrada, Olea, Ponsoda & Abad 2009). The largest wins.
 */
export function divergence(situation: Situation, masses: Float64Array): Float64Array {
  const { bank, candidates, theta, table } = situation;
  const { logProbability } = table;
  const count = masses.length;
  let total = 0;
  for (let q = 0; q < count; q++) total += masses[q] ?? 0;
  const values = new Float64Array(candidates.length);
  for (let j = 0; j < values.length; j++) {
    const item = candidates[j] ?? 0;
    evaluate(bank, item, theta, curves);
    const row = bank.rows[item] ?? 0;
    let sum = 0;
    for (let k = 0; k < curves.categories; k++) {
      const start = (row + k) * count;
      const p = curves.p[k] ?? 0;
      if (p === 0) continue;
      let weighted = 0;
      for (let q = 0; q < count; q++) weighted += (masses[q] ?? 0) * (logProbability[start + q] ?? 0);
      sum += p * (total * Math.log(p) - weighted);
    }
    values[j] = sum;
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
  let total = 0;
  for (let q = 0; q < count; q++) total += weights[q] ?? 0;
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
