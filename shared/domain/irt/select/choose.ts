import { bytes, integers } from '../arrays.ts';
import type { AdaptiveTest } from '../plan.ts';
import { uniformOf } from '../rng.ts';
import { groupsByNeed, weightedDeviations } from './content.ts';
import { type Preference, preferenceOf, valuesOf } from './criteria.ts';
import { drawnFrom, isAdmissible, restricts, type Usage } from './exposure.ts';
import { shadowTest } from './shadow.ts';
import { Situation, type Standing } from './situation.ts';

/** Key of the draw among the best, for the next answer; `drawn.ts` has 1 and 2, `exposure.ts` 3 and 4 of all answers. */
const PICK = 5;

export interface ChoiceState extends Standing {
  /** Every item given so far, also those on trial. */
  readonly given: ArrayLike<number>;
  readonly usage?: Usage | undefined;
}

export interface Choice {
  readonly item: number;
  /** What was weighed: values[k] is candidates[k]'s. */
  readonly candidates: Int32Array;
  readonly values: Float64Array;
  readonly prefers: Preference;
}

/**
 * The next item, or null if none is left. In this order: start items; items not given, not on trial, not an enemy of one
 * given; those of the shadow test; the content group that lacks most and has an item that exposure control lets through; the criterion (with
 * weighted deviations, if any); one of the best by lot. Where exposure control lets nothing through, it is left aside.
 * Equal values: the lowest index.
 */
export function chooseItem(test: AdaptiveTest, state: ChoiceState): Choice | null {
  const open = openItems(test, state.given);
  if (open.length === 0) return null;
  const start = test.start.items[state.answers.items.length];
  if (start !== undefined && open.includes(start)) return only(start);
  const pools = poolsOf(
    test,
    state,
    test.plan.content?.shadow === undefined ? open : ofShadow(test, state, open),
  );
  for (const pool of pools) {
    const choice = pick(test, state, pool, restricts(test.exposure));
    if (choice !== null) return choice;
  }
  return pick(test, state, pools[0] ?? open, false);
}

/** The open items of the shadow test, without those that rest if that can be; all if the constraints cannot be kept. */
function ofShadow(
  test: AdaptiveTest,
  { answers, seed, theta, usage }: ChoiceState,
  open: Int32Array,
): Int32Array {
  const { bank, stop, exposure, plan } = test;
  const given = answers.items;
  const admitted = restricts(exposure)
    ? open.filter((item) => isAdmissible(exposure, usage, seed, given.length, item))
    : open;
  const { shadow, enemies } = plan.content ?? {};
  const request = { ...shadow, enemies, theta, given, length: stop.max_items };
  const whole =
    shadowTest(bank, { ...request, candidates: admitted }) ??
    (admitted === open ? null : shadowTest(bank, { ...request, candidates: open }));
  if (whole === null) return open;
  const chosen = new Set(whole.items);
  return open.filter((item) => chosen.has(item));
}

/** Candidates by content group, the group that lacks most first; one pool where no proportions are wanted. */
function poolsOf({ content }: AdaptiveTest, { answers }: ChoiceState, open: Int32Array): Int32Array[] {
  if (content.shares.length === 0) return [open];
  const pools = groupsByNeed(content, answers.items, open).map((group) =>
    open.filter((item) => content.group[item] === group),
  );
  return pools.length === 0 ? [open] : pools;
}

/** The best of a pool, among what exposure control lets through if it is `restricted`; null if that is nothing. */
function pick(
  test: AdaptiveTest,
  state: ChoiceState,
  candidates: Int32Array,
  restricted: boolean,
): Choice | null {
  const { bank, estimator, selection, stop } = test;
  const situation = new Situation(bank, candidates, state, stop, estimator);
  let values = valuesOf(situation, selection);
  let prefers = preferenceOf(selection.criterion);
  const { deviations } = test.plan.content ?? {};
  if (deviations !== undefined) {
    const course = { given: state.answers.items, candidates, max_items: stop.max_items };
    values = weightedDeviations(deviations, course, values, prefers === 'smallest' ? -1 : 1);
    prefers = 'smallest';
  }
  const k = placeOf(test, state, { candidates, values, prefers }, restricted);
  const item = candidates[k];
  return item === undefined ? null : { item, candidates, values, prefers };
}

/** Position of the candidate that is picked by what was weighed; −1 if none is admitted. */
function placeOf(
  { exposure }: AdaptiveTest,
  { answers, seed, usage }: ChoiceState,
  { candidates, values, prefers }: Omit<Choice, 'item'>,
  restricted: boolean,
): number {
  const answered = answers.items.length;
  const size = drawnFrom(exposure, answered);
  const sign = prefers === 'smallest' ? -1 : 1;
  if (size === 1 && !restricted && prefers !== 'drawn') return theBest(values, sign);
  const admits = (item: number) => !restricted || isAdmissible(exposure, usage, seed, answered, item);
  const draw = () => uniformOf(seed, 16 * answered + PICK);
  if (prefers === 'drawn') return drawn(candidates, values, admits, draw);
  return oneOfTheBest(candidates, values, { admits, sign, size, draw });
}

const only = (item: number): Choice => ({
  item,
  candidates: Int32Array.of(item),
  values: Float64Array.of(0),
  prefers: 'largest',
});

/** Items that may still be given, rising. */
export function openItems({ bank, pilots, content }: AdaptiveTest, given: ArrayLike<number>): Int32Array {
  const closed = bytes(bank.size);
  for (let k = 0; k < given.length; k++) closed[given[k] ?? 0] = 1;
  if (pilots.size > 0) for (const item of pilots) closed[item] = 1;
  if (content.enemies.size > 0)
    for (let k = 0; k < given.length; k++)
      for (const enemy of content.enemies.get(given[k] ?? 0) ?? []) closed[enemy] = 1;
  const open = integers(bank.size);
  let count = 0;
  for (let item = 0; item < closed.length; item++) {
    open[count] = item;
    count += 1 - (closed[item] ?? 0);
  }
  return open.subarray(0, count);
}

interface Picking {
  readonly admits: (item: number) => boolean;
  /** 1 if the largest value is best, −1 if the smallest. */
  readonly sign: number;
  /** From how many of the best one is drawn. */
  readonly size: number;
  readonly draw: () => number;
}

/** Position of the one that is picked, −1 if none is admitted. Asks only whether those are admitted that would count. */
function oneOfTheBest(
  candidates: Int32Array,
  values: Float64Array,
  { admits, sign, size, draw }: Picking,
): number {
  // positions of the best so far, best first; candidates rise, so that the first of equals is the lowest index
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = sign * (values[k] ?? 0);
    if (best.length === size && value <= least) continue;
    if (!admits(candidates[k] ?? 0)) continue;
    let place = Math.min(best.length, size - 1);
    for (; place > 0 && value > sign * (values[best[place - 1] ?? 0] ?? 0); place--)
      best[place] = best[place - 1] ?? 0;
    best[place] = k;
    least = sign * (values[best.at(-1) ?? 0] ?? 0);
  }
  return best[best.length > 1 ? Math.floor(draw() * best.length) : 0] ?? -1;
}

/** Position of the best of all; candidates rise, so that the first of equals is the lowest index. */
function theBest(values: Float64Array, sign: number): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = sign * (values[k] ?? 0);
    if (value <= most) continue;
    best = k;
    most = value;
  }
  return best;
}

/** Position of one that is drawn with a probability proportional to its value; −1 if none is admitted. */
function drawn(
  candidates: Int32Array,
  values: Float64Array,
  admits: (item: number) => boolean,
  draw: () => number,
): number {
  const shares = values.map((value, k) => (admits(candidates[k] ?? 0) ? value : 0));
  let left = draw() * shares.reduce((sum, share) => sum + share, 0);
  let last = -1;
  for (let k = 0; k < shares.length; k++) {
    const share = shares[k] ?? 0;
    if (share === 0) continue;
    last = k;
    left -= share;
    if (left < 0) break;
  }
  return last;
}
