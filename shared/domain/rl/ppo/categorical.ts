import { exp, log } from '../numeric.ts';
import type { Pcg64 } from '../random/pcg64.ts';

/**
 * Turns each row of logits ([batch][count]) into normalised log-probabilities, in place:
 * z - max - ln Σ exp(z - max).
 */
export function logSoftmaxInPlace(logits: Float64Array, batch: number, count: number): void {
  for (let start = 0; start < batch * count; start += count) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = start; j < start + count; j++) largest = Math.max(largest, logits[j] ?? 0);
    let sum = 0;
    for (let j = start; j < start + count; j++) sum += exp((logits[j] ?? 0) - largest);
    const shift = largest + log(sum);
    for (let j = start; j < start + count; j++) logits[j] = (logits[j] ?? 0) - shift;
  }
}

/** Draws an action from one row of normalised log-probabilities by inverting the distribution. */
export function sampleAction(logProbabilities: Float64Array, count: number, random: Pcg64): number {
  const u = random.random();
  let cumulative = 0;
  for (let j = 0; j < count - 1; j++) {
    cumulative += exp(logProbabilities[j] ?? 0);
    if (u < cumulative) return j;
  }
  return count - 1;
}

/** The most probable action of one row of logits; the first of equals. */
export function greedyAction(logits: Float64Array, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if ((logits[j] ?? 0) > (logits[best] ?? 0)) best = j;
  return best;
}
