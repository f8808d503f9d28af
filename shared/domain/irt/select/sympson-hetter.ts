import { at, type Bank } from '../bank.ts';
import { type AdaptiveTest, createTest, type TestPlan } from '../plan.ts';
import { checkSeed, normalOf, seedOf } from '../rng.ts';
import { type SessionState, scoredAnswers } from '../session.ts';
import { createUsage, randomResponses, runSession } from '../simulate.ts';
import { chooseItem } from './choose.ts';
import { defaultExposure, isAdmissible, type Usage } from './exposure.ts';

export interface ExposureSearchOptions {
  /** Highest share of sessions that an item should be given to. */
  readonly r_max: number;
  /** After how many answers the control begins; 0 by default. Before, randomesque alone may pass r_max. */
  readonly from?: number | undefined;
  /** Simulees, drawn from N(mean, sd²); 1000 from N(0, 1) by default. */
  readonly simulees?: number | undefined;
  readonly mean?: number | undefined;
  readonly sd?: number | undefined;
  /** Most rounds; 20 by default. */
  readonly rounds?: number | undefined;
  /** By how much the highest rate may pass r_max at the end; 0.02 by default. */
  readonly tolerance?: number | undefined;
  readonly seed?: number | undefined;
  /** Called with each answer; what it throws ends the search. */
  readonly onAnswer?: (() => void) | undefined;
}

export interface ExposureParameters {
  /** For the plan's `exposure.sympson_hetter`: the probability of giving each item when it is selected [size], … */
  readonly k: number[];
  /** … after this many answers. */
  readonly from: number;
  /** Highest rate at which an item is given, round by round; the last belongs to `k`. */
  readonly max_exposure: number[];
  readonly converged: boolean;
}

/** k is never less, so that an item that everybody met in the uncontrolled part is not lost for good. */
const LEAST = 0.01;

/**
 * Finds Sympson & Hetter's exposure parameters (1985) by simulation. Each round counts how often every item is given
 * before the control begins (U) and selected after it (S, given or passed over) and sets k_i = (r_max − P(U_i))/P(S_i),
 * at most 1; the items with the highest k are then given k = 1 until there are as many of them as the test is long, so
 * that it never runs out (Hetter & Sympson 1997). The simulees are the same in every round, so that rounds differ by k
 * alone. They end when no rate P(U_i) + k_i P(S_i) passes r_max + tolerance.
 *
 * @throws RangeError for an r_max below max_items/size, which no bank can keep to, or options out of range; and as
 * `createTest`
 */
export function findExposureParameters(
  bank: Bank,
  plan: TestPlan,
  options: ExposureSearchOptions,
): ExposureParameters {
  const { r_max, rounds = 20, tolerance = 0.02, simulees = 1000, seed = 0 } = options;
  checkSeed(seed);
  const length = createTest(bank, plan).stop.max_items;
  if (!(r_max > 0 && r_max <= 1)) throw new RangeError(`r_max must be above 0 and at most 1, not ${r_max}`);
  if (r_max * bank.size < length)
    throw new RangeError(`${bank.size} items cannot make tests of ${length} with r_max ${r_max}`);
  if (!(Number.isInteger(simulees) && simulees >= 1 && rounds >= 1))
    throw new RangeError(`at least 1 simulee and 1 round, not ${simulees} and ${rounds}`);
  const others = plan.exposure === undefined ? defaultExposure : (plan.exposure ?? {});
  const { from = 0 } = options;
  let k: number[] = new Array(bank.size).fill(1);
  const max_exposure: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const exposure = { ...others, sympson_hetter: { k, from } };
    const counts = countSelections(createTest(bank, { ...plan, exposure }), from, { ...options, simulees });
    const rate = (i: number) => (at(counts.uncontrolled, i) + at(k, i) * at(counts.selected, i)) / simulees;
    const highest = k.reduce((most, _, i) => Math.max(most, rate(i)), 0);
    max_exposure.push(highest);
    if (highest <= r_max + tolerance) return { k, from, max_exposure, converged: true };
    if (round + 1 < rounds) k = adjusted(counts, r_max * simulees, length);
  }
  return { k, from, max_exposure, converged: false };
}

/** How often each item was given before the control began, and selected after it, in one round [size]. */
interface Counts {
  readonly uncontrolled: Float64Array;
  readonly selected: Float64Array;
}

function adjusted({ uncontrolled, selected }: Counts, most: number, length: number): number[] {
  const k = Array.from(selected, (count, i) =>
    count === 0 ? 1 : Math.min(1, Math.max(LEAST, (most - at(uncontrolled, i)) / count)),
  );
  const byK = [...k.keys()].sort((i, j) => at(k, j) - at(k, i) || i - j);
  for (const item of byK.slice(0, length)) k[item] = 1;
  return k;
}

function countSelections(
  test: AdaptiveTest,
  from: number,
  { simulees = 1000, mean = 0, sd = 1, seed = 0, onAnswer = () => undefined }: ExposureSearchOptions,
): Counts {
  const { bank } = test;
  const thetas = Float64Array.from({ length: simulees }, (_, i) => mean + sd * normalOf(seed, 1, i));
  const respond = randomResponses(bank, thetas, seed);
  const uncontrolled = new Float64Array(bank.size);
  const selected = new Float64Array(bank.size);
  const usage = createUsage(bank);
  for (let simulee = 0; simulee < simulees; simulee++) {
    const passed = new Set<number>();
    const watch = (state: SessionState) => {
      onAnswer();
      if (state.pending === null) return;
      const { item } = state.pending;
      const counts = scoredAnswers(test, state).items.length < from ? uncontrolled : selected;
      counts[item] = at(counts, item) + 1;
      for (const other of passedOver(test, state, usage)) {
        if (passed.has(other)) continue;
        passed.add(other);
        selected[other] = at(selected, other) + 1;
      }
    };
    runSession(test, seedOf(seed, simulee), (item) => respond(simulee, item), usage, watch);
  }
  return { uncontrolled, selected };
}

/** Candidates that exposure control kept back although the criterion preferred them to the one that was chosen. */
function passedOver(test: AdaptiveTest, state: SessionState, usage: Usage): number[] {
  const { items, theta, se, seed } = state;
  const answers = scoredAnswers(test, state);
  const choice = chooseItem(test, { answers, given: items, theta, se, seed, usage });
  if (choice === null) return [];
  const { candidates, values, prefers } = choice;
  const sign = prefers === 'smallest' ? -1 : 1;
  const chosen = sign * at(values, candidates.indexOf(choice.item));
  const passed: number[] = [];
  candidates.forEach((item, k) => {
    if (sign * at(values, k) <= chosen) return;
    if (!isAdmissible(test.exposure, usage, seed, answers.items.length, item)) passed.push(item);
  });
  return passed;
}
