import { type Answers, at, checkItem } from './bank.ts';
import { type Estimate, resolvePrior } from './estimate/options.ts';
import { informationAt } from './models/information.ts';
import type { AdaptiveTest } from './plan.ts';
import { checkSeed, uniformOf } from './rng.ts';
import { chooseItem, openItems } from './select/choose.ts';
import { checkUsage, type Usage } from './select/exposure.ts';
import { type StopReason, stopReason } from './stop.ts';

/** A session as it is stored: under 1 KB of JSON for 30 answers. Times are of the server's clock. */
export interface SessionState {
  /** Number of answers so far. */
  readonly v: number;
  readonly status: 'active' | 'completed' | 'abandoned';
  /** Why the session ended; null while it is active. */
  readonly reason: StopReason | null;
  readonly seed: number;
  /** Items given and answered, the response categories (−1: none in time, −2: void), and the time each took. */
  readonly items: readonly number[];
  readonly responses: readonly number[];
  readonly milliseconds: readonly number[];
  /** What is asked now: the n-th item, to be answered by the deadline (epoch ms). */
  readonly pending: Pending | null;
  readonly theta: number;
  readonly se: number;
  readonly started_at_ms: number;
  /** Stretches the time limits: 1.5 gives half as much more. */
  readonly time_factor: number;
}

export interface Pending {
  readonly n: number;
  readonly item: number;
  readonly deadline: number | null;
}

export type SessionAction =
  | {
      readonly type: 'answer';
      /** Which answer this is, counted from 0, and to which item. */
      readonly n: number;
      readonly item: number;
      /** Category. */
      readonly response: number;
      readonly milliseconds: number;
    }
  /** Somebody looks: what is overdue is closed. */
  | { readonly type: 'touch' }
  | { readonly type: 'abandon' };

export interface Circumstances {
  /** Epoch milliseconds of the server's clock. */
  readonly now: number;
  /** What the bank's items have been through, for exposure control that needs it. */
  readonly usage?: Usage | undefined;
}

/**
 * `accepted`: the answer counts. `repeated`: it was counted before; the state is that of now. `conflict`: another
 * response, item or n than the session's. `late`: it came after its deadline and does not count. `closed`: the session
 * had ended. `unchanged`, `changed`: of a touch or an abandonment.
 */
export type SessionOutcome =
  | 'accepted'
  | 'repeated'
  | 'conflict'
  | 'late'
  | 'closed'
  | 'unchanged'
  | 'changed';

export interface SessionStep {
  readonly outcome: SessionOutcome;
  readonly state: SessionState;
}

/**
 * A new session with its first item pending.
 * @param options.seed integer from 0 to 2^53 − 1; test, seed and answers determine every choice
 * @throws RangeError for a seed or a time factor out of range, or usage that is missing
 */
export function startSession(
  test: AdaptiveTest,
  { seed, time_factor = 1 }: { readonly seed: number; readonly time_factor?: number },
  { now, usage }: Circumstances,
): SessionState {
  checkSeed(seed);
  checkUsage(test.bank, test.exposure, usage);
  if (!(time_factor > 0 && time_factor <= 100))
    throw new RangeError(`time_factor must be above 0 and at most 100, not ${time_factor}`);
  const empty: SessionState = {
    v: 0,
    status: 'active',
    reason: null,
    seed,
    items: [],
    responses: [],
    milliseconds: [],
    pending: null,
    theta: test.start.theta,
    se: resolvePrior(test.estimator.prior).sd,
    started_at_ms: now,
    time_factor,
  };
  return goOn(test, empty, test.start.theta, { now, usage });
}

/**
 * The session after an action. Pure: the same state, action and circumstances give the same state on every machine.
 * Deadlines are looked at before the action.
 * @throws RangeError for a response that is none of the item's categories, or usage that is missing
 */
export function reduceSession(
  test: AdaptiveTest,
  state: SessionState,
  action: SessionAction,
  circumstances: Circumstances,
): SessionStep {
  if (action.type === 'answer' && action.n < state.v) return { outcome: again(state, action), state };
  if (state.status !== 'active') return { outcome: 'closed', state };
  if (action.type === 'abandon')
    return { outcome: 'changed', state: finish(test, state, 'abandoned', 'abandoned') };
  checkUsage(test.bank, test.exposure, circumstances.usage);
  const { pending } = state;
  const overdue = closeOverdue(test, state, circumstances);
  if (action.type === 'touch')
    return overdue === null ? { outcome: 'unchanged', state } : { outcome: 'changed', state: overdue };
  if (pending === null || action.n !== pending.n || action.item !== pending.item)
    return { outcome: 'conflict', state: overdue ?? state };
  if (overdue !== null) return { outcome: 'late', state: overdue };
  checkResponse(test, action.item, action.response);
  return { outcome: 'accepted', state: record(test, state, action, circumstances) };
}

function again(
  { items, responses }: SessionState,
  { n, item, response }: Extract<SessionAction, { type: 'answer' }>,
): SessionOutcome {
  if (items[n] !== item) return 'conflict';
  if (responses[n] === NONE_IN_TIME) return 'late';
  return responses[n] === response ? 'repeated' : 'conflict';
}

function checkResponse({ bank }: AdaptiveTest, item: number, response: number): void {
  checkItem(bank, item);
  if (!Number.isInteger(response) || response < 0 || response >= at(bank.categories, item))
    throw new RangeError(`response ${response} to item ${item} is none of its categories`);
}

/** The state without what is past its deadline, or null if nothing is. */
function closeOverdue(
  test: AdaptiveTest,
  state: SessionState,
  circumstances: Circumstances,
): SessionState | null {
  const { pending } = state;
  const { now } = circumstances;
  if (pending?.deadline == null || now <= pending.deadline) return null;
  const limit = deadlineOfTest(test, state);
  if (limit !== null && now > limit) return finish(test, state, 'completed', 'time_limit');
  const milliseconds = Math.round(1000 * (test.plan.item_time_limit_s ?? 0) * state.time_factor);
  return record(test, state, { item: pending.item, response: NONE_IN_TIME, milliseconds }, circumstances);
}

function deadlineOfTest({ stop }: AdaptiveTest, { started_at_ms, time_factor }: SessionState): number | null {
  return stop.time_limit_s === undefined ? null : started_at_ms + 1000 * stop.time_limit_s * time_factor;
}

const NONE_IN_TIME = -1;
const VOID = -2;

/** The scored answers: without items on trial and void ones; what was not answered in time counts as category 0. */
export function scoredAnswers({ pilots }: AdaptiveTest, { items, responses }: SessionState): Answers {
  if (pilots.size === 0 && responses.every((response) => response >= 0)) return { items, responses };
  const scored = [...items.keys()].filter((k) => !pilots.has(at(items, k)) && responses[k] !== VOID);
  return {
    items: scored.map((k) => at(items, k)),
    responses: scored.map((k) => Math.max(0, at(responses, k))),
  };
}

/**
 * A teacher's correction: answer `n` is scored as `response`, or void with null. θ and SE are computed anew; the items
 * that were given, and what is pending, stay.
 * @throws RangeError for an answer that was not given, or a response that is none of the item's categories
 */
export function amendSession(
  test: AdaptiveTest,
  state: SessionState,
  n: number,
  response: number | null,
): SessionState {
  const item = state.items[n];
  if (item === undefined) throw new RangeError(`there is no answer ${n} among ${state.v}`);
  if (response !== null) checkResponse(test, item, response);
  const amended = { ...state, responses: state.responses.with(n, response ?? VOID) };
  const answers = scoredAnswers(test, amended);
  const { theta, se } = state.status === 'active' ? test.estimate(answers) : test.estimateFinally(answers);
  return { ...amended, theta, se };
}

/** Provisional θ and SE of the scored answers; where there is none, those of the start. */
export const estimateSession = (test: AdaptiveTest, state: SessionState): Estimate =>
  test.estimate(scoredAnswers(test, state));

interface Recorded {
  readonly item: number;
  readonly response: number;
  readonly milliseconds: number;
}

function record(
  test: AdaptiveTest,
  state: SessionState,
  { item, response, milliseconds }: Recorded,
  circumstances: Circumstances,
): SessionState {
  const longer = {
    ...state,
    v: state.v + 1,
    items: [...state.items, item],
    responses: [...state.responses, response],
    milliseconds: [...state.milliseconds, milliseconds],
    pending: null,
  };
  if (test.pilots.has(item)) return goOn(test, longer, state.theta, circumstances);
  const { theta, se } = estimateSession(test, longer);
  return goOn(test, { ...longer, theta, se }, state.theta, circumstances);
}

/** Ends the test or asks the next item. */
function goOn(
  test: AdaptiveTest,
  state: SessionState,
  theta_before: number,
  { now, usage }: Circumstances,
): SessionState {
  const { bank, stop } = test;
  const { theta, se, seed, items } = state;
  const answers = scoredAnswers(test, state);
  const reason = stopReason(stop, {
    bank,
    answers,
    theta,
    se,
    theta_before,
    elapsed_s: (now - state.started_at_ms) / 1000 / state.time_factor,
    errors: (count) => lastErrors(test, answers, count),
    most_information: () =>
      openItems(test, items).reduce((most, item) => Math.max(most, informationAt(bank, item, theta)), 0),
  });
  if (reason !== null) return finish(test, state, 'completed', reason);
  const pilot = pilotAt(test, state);
  const item = pilot ?? chooseItem(test, { answers, given: items, theta, se, seed, usage })?.item;
  if (item === undefined) return finish(test, state, 'completed', 'bank_exhausted');
  return { ...state, pending: { n: state.v, item, deadline: deadlineOf(test, state, now) } };
}

function deadlineOf(test: AdaptiveTest, state: SessionState, now: number): number | null {
  const whole = deadlineOfTest(test, state);
  const limit = test.plan.item_time_limit_s;
  const one = limit === undefined ? null : Math.round(now + 1000 * limit * state.time_factor);
  return whole === null || one === null ? (whole ?? one) : Math.min(whole, one);
}

function lastErrors(test: AdaptiveTest, { items, responses }: Answers, count: number): number[] {
  const errors: number[] = [];
  for (let n = Math.max(1, items.length - count + 1); n <= items.length; n++) {
    const prefix = { items: Array.from(items).slice(0, n), responses: Array.from(responses).slice(0, n) };
    errors.push(test.estimate(prefix).se);
  }
  return errors;
}

function finish(
  test: AdaptiveTest,
  state: SessionState,
  status: 'completed' | 'abandoned',
  reason: StopReason,
): SessionState {
  const ended = { ...state, status, reason, pending: null };
  if (test.plan.final_estimator === undefined) return ended;
  const { theta, se } = test.estimateFinally(scoredAnswers(test, state));
  return { ...ended, theta, se };
}

/** Keys of the draws for items on trial, which belong to the whole session. */
const PILOT_POSITION = 6;
const PILOT_ITEM = 7;

/** The item on trial at the present position, if this is one of the session's positions for them. */
function pilotAt({ plan, stop }: AdaptiveTest, { seed, v }: SessionState): number | undefined {
  const { pilot } = plan;
  if (pilot === undefined) return undefined;
  const { items, count, first = 2, last = stop.max_items } = pilot;
  if (v < first || v > last) return undefined;
  const positions = Array.from({ length: last - first + 1 }, (_, k) => first + k);
  const place = inRandomOrder(positions, seed, PILOT_POSITION).slice(0, count).indexOf(v);
  return place < 0 ? undefined : inRandomOrder([...new Set(items)], seed, PILOT_ITEM)[place];
}

const inRandomOrder = (values: readonly number[], seed: number, key: number): number[] =>
  values
    .map((value) => ({ value, rank: uniformOf(seed, key, value) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
