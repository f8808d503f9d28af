import { at, type Bank } from '../bank.ts';
import { type AdaptiveTest, createTest, type TestPlan } from '../plan.ts';
import { checkSeed, normalOf, seedOf } from '../rng.ts';
import { type SessionState, scoredAnswers } from '../session.ts';
import { createUsage, randomResponses, runSession } from '../simulate.ts';
import { chooseItem } from './choose.ts';
import { isAdmissible } from './exposure.ts';

export interface ExposureSearchOptions {
  /** Highest share of sessions that an item should be given to. */
  readonly r_max: number;
  /** After how many answers the control begins; 0 by default. */
  readonly from?: number | undefined;
  /** Simulees in each round, drawn from N(mean, sd²); 1000 from N(0, 1) by default. */
  readonly simulees?: number | undefined;
  readonly mean?: number | undefined;
  readonly sd?: number | undefined;
  /** Most rounds; 20 by default. */
  readonly rounds?: number | undefined;
  /** By how much the highest rate may pass r_max at the end; 0.02 by default. */
  readonly tolerance?: number | undefined;
  readonly seed?: number | undefined;
}

export interface ExposureParameters {
  /** Probability of giving each item when it is selected [size]. */
  readonly k: number[];
  /** Highest of the rates k_i P(S_i) at which items are given in the test's controlled part, round by round. */
  readonly max_exposure: number[];
  readonly converged: boolean;
}

/**
 * Finds Sympson & Hetter's exposure parameters (1985) by simulation. Each round counts how often every item is selected
 * (given or passed over) and sets k_i = r_max/P(S_i) where P(S_i) > r_max, else 1; the items with the highest k are then
 * given k = 1 until there are as many of them as the test is long, so that it never runs out (Hetter & Sympson 1997).
 * Rounds end when no item's rate passes r_max + tolerance.
 *
 * @throws RangeError for an r_max below max_items/size, which no bank can keep to, or options out of range; and as
 * `createTest`
 */
export function findExposureParameters(
  bank: Bank,
  plan: TestPlan,
  options: ExposureSearchOptions,
): ExposureParameters {
  const { r_max, rounds = 20, tolerance = 0.02, from = 0, simulees = 1000, seed = 0 } = options;
  checkSeed(seed);
  const length = createTest(bank, plan).stop.max_items;
  if (!(r_max > 0 && r_max <= 1)) throw new RangeError(`r_max must be above 0 and at most 1, not ${r_max}`);
  if (r_max * bank.size < length)
    throw new RangeError(`${bank.size} items cannot make tests of ${length} with r_max ${r_max}`);
  let k: number[] = new Array(bank.size).fill(1);
  const max_exposure: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const exposure = { ...(plan.exposure ?? {}), sympson_hetter: { k, from } };
    const selected = countSelections(createTest(bank, { ...plan, exposure }), options, round);
    const highest = selected.reduce((most, count, i) => Math.max(most, at(k, i) * count), 0) / simulees;
    max_exposure.push(highest);
    if (highest <= r_max + tolerance) return { k, max_exposure, converged: true };
    if (round + 1 < rounds) k = adjusted(selected, simulees, r_max, length);
  }
  return { k, max_exposure, converged: false };
}

function adjusted(selected: Float64Array, simulees: number, r_max: number, length: number): number[] {
  const k = Array.from(selected, (count) => Math.min(1, (r_max * simulees) / Math.max(1, count)));
  const byK = [...k.keys()].sort((i, j) => at(k, j) - at(k, i) || i - j);
  for (const item of byK.slice(0, length)) k[item] = 1;
  return k;
}

/** How often each item was selected where the control was on, given or passed over, in one round of simulees. */
function countSelections(
  test: AdaptiveTest,
  { simulees = 1000, mean = 0, sd = 1, seed = 0, from = 0 }: ExposureSearchOptions,
  round: number,
): Float64Array {
  const { bank } = test;
  const roundSeed = seedOf(seed, round);
  const thetas = Float64Array.from({ length: simulees }, (_, i) => mean + sd * normalOf(roundSeed, 1, i));
  const respond = randomResponses(bank, thetas, roundSeed);
  const selected = new Float64Array(bank.size);
  for (let simulee = 0; simulee < simulees; simulee++) {
    const passed = new Set<number>();
    const watch = (state: SessionState) => {
      if (state.items.length < from || state.pending === null) return;
      const { item } = state.pending;
      selected[item] = at(selected, item) + 1;
      for (const other of passedOver(test, state)) {
        if (passed.has(other)) continue;
        passed.add(other);
        selected[other] = at(selected, other) + 1;
      }
    };
    runSession(test, seedOf(roundSeed, simulee), (item) => respond(simulee, item), createUsage(bank), watch);
  }
  return selected;
}

/** Candidates that exposure control kept back although the criterion preferred them to the one that was chosen. */
function passedOver(test: AdaptiveTest, state: SessionState): number[] {
  const { items, theta, se, seed } = state;
  const answers = scoredAnswers(test, state);
  const choice = chooseItem(test, { answers, given: items, theta, se, seed });
  if (choice === null) return [];
  const { candidates, values, prefers } = choice;
  const sign = prefers === 'smallest' ? -1 : 1;
  const chosen = sign * at(values, candidates.indexOf(choice.item));
  const passed: number[] = [];
  candidates.forEach((item, k) => {
    if (sign * at(values, k) <= chosen) return;
    if (!isAdmissible(test.exposure, undefined, seed, answers.items.length, item)) passed.push(item);
  });
  return passed;
}
