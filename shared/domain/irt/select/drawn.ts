import { uniformOf } from '../rng.ts';
import { fisherInformation } from './local.ts';
import type { Situation } from './situation.ts';

/** What draws of this file are for; the other files' draws have other purposes. */
const PROGRESSIVE = 1;
const RANDOM = 2;

/** Key of draws for the next answer: one number for purpose and position. */
const keyOf = (purpose: number, answered: number): number => 16 * answered + purpose;

/** A number of its own for every candidate; the largest wins, so that each is as likely. */
export function randomValues({ candidates, seed, answered }: Situation): Float64Array {
  return Float64Array.from(candidates, (item) => uniformOf(seed, keyOf(RANDOM, answered), item));
}

/**
 * The weight W of information against chance: 0 for the first item, 1 for the last (Barrada, Olea, Ponsoda & Abad 2008;
 * catR). By length: Σ_{f ≤ n} f^acceleration / Σ_{f < N} f^acceleration after n answers; where the test stops at an SE,
 * max(information so far / information wanted, n/(N − 1))^acceleration, at most 1.
 */
export function informationWeight({ answered, progress, se }: Situation, acceleration: number): number {
  if (answered === 0) return 0;
  const { max_items, se: target } = progress;
  if (max_items <= 1) return 1;
  if (target !== undefined) {
    const reached = Math.max((target / se) ** 2, answered / (max_items - 1));
    return Math.min(1, reached ** acceleration);
  }
  let [before, all] = [0, 0];
  for (let f = 1; f < max_items; f++) {
    all += f ** acceleration;
    if (f <= answered) before += f ** acceleration;
  }
  return before / all;
}

/**
 * Progressive method: W I_j(θ̂) + (1 − W) R_j with R_j uniform up to the largest information (Revuelta & Ponsoda 1998).
 * The largest wins.
 */
export function progressiveValues(situation: Situation, acceleration: number): Float64Array {
  const { candidates, seed, answered } = situation;
  const values = fisherInformation(situation);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const weight = informationWeight(situation, acceleration);
  const key = keyOf(PROGRESSIVE, answered);
  for (let k = 0; k < values.length; k++) {
    const chance = largest * uniformOf(seed, key, candidates[k] ?? 0);
    values[k] = weight * (values[k] ?? 0) + (1 - weight) * chance;
  }
  return values;
}

/**
 * Proportional method: the probability of drawing candidate j, I_j^H / Σ I^H, where H grows from 0 (all alike) with W to
 * N, or to the information wanted where the test stops at an SE (Segall 2004; Barrada et al. 2008; catR).
 */
export function proportionalValues(situation: Situation, acceleration: number): Float64Array {
  const { progress } = situation;
  const scale = progress.se === undefined ? progress.max_items : 1 / (progress.se * progress.se);
  const exponent = scale * informationWeight(situation, acceleration);
  const values = fisherInformation(situation);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  let total = 0;
  for (let k = 0; k < values.length; k++) {
    // relative to the largest, so that a high power does not underflow everywhere
    const share = exponent === 0 || largest === 0 ? 1 : ((values[k] ?? 0) / largest) ** exponent;
    values[k] = share;
    total += share;
  }
  return values.map((share) => share / total);
}
