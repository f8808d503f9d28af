import type { Answers } from '../bank.ts';
import type { AdaptiveTest } from '../plan.ts';
import { uniformOf } from '../rng.ts';
import { neediestGroup, weightedDeviations } from './content.ts';
import { type Preference, preferenceOf, valuesOf } from './criteria.ts';
import { drawnFrom, isAdmissible, restricts, type Usage } from './exposure.ts';
import { createSituation } from './situation.ts';

/** Key of the draw among the best, for the next answer; `drawn.ts` has 1 and 2, `exposure.ts` 3 and 4 of all answers. */
const PICK = 5;

export interface ChoiceState {
  /** Scored answers. */
  readonly answers: Answers;
  /** Every item given so far, also those on trial. */
  readonly given: ArrayLike<number>;
  readonly theta: number;
  readonly se: number;
  readonly seed: number;
  readonly usage?: Usage | undefined;
}

export interface Choice {
  readonly item: number;
  /** What was weighed: values[k] is candidates[k]'s. */
  readonly candidates: Int32Array;
  readonly values: Float64Array;
  readonly prefers: Preference;
  /** Whether exposure control let candidate k through; null if it restricts nothing. */
  readonly admissible: Uint8Array | null;
}

/**
 * The next item, or null if none is left. In this order: start items; items not given, not on trial, not an enemy of one
 * given; exposure control, unless it leaves none; the content group that lacks most; the criterion (with weighted
 * deviations, if any); one of the best by lot. Equal values: the lowest index.
 */
export function chooseItem(test: AdaptiveTest, state: ChoiceState): Choice | null {
  const { answers, theta, se, seed } = state;
  const answered = answers.items.length;
  const open = openItems(test, state.given);
  if (open.length === 0) return null;
  const start = test.start.items[answered];
  if (start !== undefined && open.includes(start)) return only(start);
  let admissible = admissibleOf(test, state, open);
  let candidates = open;
  const { shares, group } = test.content;
  if (shares.length > 0) {
    const usable = admissible === null ? open : open.filter((_, k) => admissible?.[k] === 1);
    const needy = neediestGroup(test.content, answers.items, usable);
    if (needy >= 0) {
      candidates = open.filter((item) => group[item] === needy);
      admissible = admissibleOf(test, state, candidates);
    }
  }
  const { estimator, selection, stop, bank } = test;
  const progress = { max_items: stop.max_items, se: stop.se };
  const { prior, quadrature } = estimator;
  const situation = createSituation({
    bank,
    candidates,
    answers,
    theta,
    se,
    progress,
    seed,
    prior,
    quadrature,
  });
  let values = valuesOf(situation, selection);
  let prefers = preferenceOf(selection.criterion);
  const { deviations } = test.plan.content ?? {};
  if (deviations !== undefined) {
    const course = { given: answers.items, candidates, max_items: stop.max_items };
    values = weightedDeviations(deviations, course, values, prefers === 'smallest' ? -1 : 1);
    prefers = 'smallest';
  }
  const draw = () => uniformOf(seed, 16 * answered + PICK);
  const item =
    prefers === 'drawn'
      ? drawn(candidates, values, admissible, draw())
      : oneOfTheBest(candidates, values, {
          admissible,
          sign: prefers === 'smallest' ? -1 : 1,
          size: drawnFrom(test.exposure, answered),
          draw,
        });
  return { item, candidates, values, prefers, admissible };
}

const only = (item: number): Choice => ({
  item,
  candidates: Int32Array.of(item),
  values: Float64Array.of(0),
  prefers: 'largest',
  admissible: null,
});

/** Items that may still be given, rising. */
export function openItems({ bank, pilots, content }: AdaptiveTest, given: ArrayLike<number>): Int32Array {
  const closed = new Uint8Array(bank.size);
  for (const item of pilots) closed[item] = 1;
  for (let k = 0; k < given.length; k++) {
    const item = given[k] ?? 0;
    closed[item] = 1;
    for (const enemy of content.enemies.get(item) ?? []) closed[enemy] = 1;
  }
  const open = new Int32Array(bank.size);
  let count = 0;
  for (let item = 0; item < bank.size; item++) if (closed[item] === 0) open[count++] = item;
  return open.subarray(0, count);
}

/** 1 for each candidate that exposure control lets through; null if it lets all, or none, through. */
function admissibleOf(
  { exposure }: AdaptiveTest,
  { answers, seed, usage }: ChoiceState,
  candidates: Int32Array,
): Uint8Array | null {
  if (!restricts(exposure)) return null;
  const answered = answers.items.length;
  const admissible = Uint8Array.from(candidates, (item) =>
    isAdmissible(exposure, usage, seed, answered, item) ? 1 : 0,
  );
  return admissible.includes(1) ? admissible : null;
}

interface Picking {
  readonly admissible: Uint8Array | null;
  /** 1 if the largest value is best, −1 if the smallest. */
  readonly sign: number;
  /** From how many of the best one is drawn. */
  readonly size: number;
  readonly draw: () => number;
}

function oneOfTheBest(
  candidates: Int32Array,
  values: Float64Array,
  { admissible, sign, size, draw }: Picking,
): number {
  // positions of the best so far, best first; candidates rise, so that the first of equals is the lowest index
  const best: number[] = [];
  for (let k = 0; k < values.length; k++) {
    if (admissible !== null && admissible[k] === 0) continue;
    const value = sign * (values[k] ?? 0);
    if (best.length === size && value <= sign * (values[best[size - 1] ?? 0] ?? 0)) continue;
    let place = best.length;
    while (place > 0 && value > sign * (values[best[place - 1] ?? 0] ?? 0)) place--;
    best.splice(place, 0, k);
    if (best.length > size) best.pop();
  }
  const pick = best.length > 1 ? Math.floor(draw() * best.length) : 0;
  return candidates[best[pick] ?? 0] ?? 0;
}

/** One candidate with a probability proportional to its value. */
function drawn(
  candidates: Int32Array,
  values: Float64Array,
  admissible: Uint8Array | null,
  uniform: number,
): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) if (admissible?.[k] !== 0) total += values[k] ?? 0;
  let left = uniform * total;
  let last = 0;
  for (let k = 0; k < values.length; k++) {
    if (admissible?.[k] === 0) continue;
    left -= values[k] ?? 0;
    last = candidates[k] ?? 0;
    if (left < 0) return last;
  }
  return last;
}
