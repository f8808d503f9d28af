import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amendSession,
  type Circumstances,
  createDichotomousBank,
  createTest,
  estimateEap,
  reduceSession,
  type SessionState,
  startSession,
  type TestPlan,
} from '#shared/domain/irt/index.ts';
import { simulation } from './recorded.ts';

const { items: rows } = simulation();
const bank = createDichotomousBank(rows);
const at0: Circumstances = { now: 1_700_000_000_000 };
const minute = (minutes: number): Circumstances => ({ now: at0.now + 60_000 * minutes });

/** Right below θ = 0.5, wrong above. */
const response = (item: number): number => ((rows[item]?.[1] ?? 0) < 0.5 ? 1 : 0);

const answerTo = (state: SessionState, given?: number) => {
  const { n, item } = state.pending ?? { n: -1, item: -1 };
  return { type: 'answer', n, item, response: given ?? response(item), milliseconds: 1500 } as const;
};

/** Answers everything, or `count` items. */
function answer(plan: TestPlan, seed: number, count = 1000): SessionState[] {
  const adaptive = createTest(bank, plan);
  const states = [startSession(adaptive, { seed }, at0)];
  for (let n = 0; n < count; n++) {
    const state = states.at(-1);
    if (state === undefined || state.pending === null) break;
    states.push(reduceSession(adaptive, state, answerTo(state), at0).state);
  }
  return states;
}
const last = (states: readonly SessionState[]): SessionState => {
  const state = states.at(-1);
  if (state === undefined) throw new Error('no state');
  return state;
};

describe('a session', () => {
  test('begins with an item, ends with a reason, and counts its answers', () => {
    const states = answer({ stop: { max_items: 12 } }, 1);
    expect(states).toHaveLength(13);
    states.forEach((state, n) => {
      expect(state.v).toBe(n);
      expect(state.items).toHaveLength(n);
      expect(state.pending?.n ?? n).toBe(n);
      expect(state.status).toBe(n === 12 ? 'completed' : 'active');
    });
    const { items, responses, theta, se, reason, pending } = last(states);
    expect(reason).toBe('max_items');
    expect(pending).toBeNull();
    expect(new Set(items).size).toBe(12);
    expect({ theta, se, at_bound: false }).toEqual(estimateEap(bank, { items, responses }));
  });

  test('is less than 1 KB of JSON after 30 answers, and goes on from there', () => {
    const adaptive = createTest(bank, { stop: { max_items: 40 } });
    const state = last(answer({ stop: { max_items: 40 } }, 9007199254740991, 30));
    const stored = JSON.stringify(state);
    expect(stored.length).toBeLessThan(1024);
    const back: SessionState = JSON.parse(stored);
    expect(reduceSession(adaptive, back, answerTo(back), at0)).toEqual(
      reduceSession(adaptive, state, answerTo(state), at0),
    );
  });

  test('changes nothing of the state it is given', () => {
    const adaptive = createTest(bank);
    const state = startSession(adaptive, { seed: 1 }, at0);
    const before = structuredClone(state);
    reduceSession(adaptive, state, answerTo(state), at0);
    expect(state).toEqual(before);
  });

  test('chooses the same again, whoever asks and however often', () => {
    const plans: TestPlan[] = [
      {},
      { selection: { criterion: 'random' } },
      { selection: { criterion: 'progressive' } },
      { selection: { criterion: 'proportional' } },
      { exposure: { sympson_hetter: { k: rows.map((_, i) => 0.2 + (i % 5) / 10) } } },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...plans), fc.nat(), (plan, seed) => {
        expect(answer(plan, seed, 6)).toEqual(answer(plan, seed, 6));
      }),
      { numRuns: 25 },
    );
    const sequences = Array.from({ length: 20 }, (_, seed) => last(answer({}, seed, 6)).items.join());
    expect(new Set(sequences).size).toBeGreaterThan(15);
  });

  test('gives start items first and to everybody', () => {
    for (const seed of [1, 2]) {
      const { items } = last(answer({ start: { items: [5, 250, 17] } }, seed, 6));
      expect(items.slice(0, 3)).toEqual([5, 250, 17]);
    }
  });

  test('starts where the plan says', () => {
    const [{ theta, pending } = { theta: 0, pending: null }] = answer(
      { exposure: null, start: { theta: 2 } },
      1,
      0,
    );
    expect(theta).toBe(2);
    const [other] = answer({ exposure: null, estimator: { method: 'MAP', prior: { mean: -2 } } }, 1, 0);
    expect(other?.theta).toBe(-2);
    expect(other?.pending?.item).not.toBe(pending?.item);
  });

  test('a final estimator has the last word', () => {
    const plan: TestPlan = { exposure: null, stop: { max_items: 10 } };
    const provisional = last(answer(plan, 1));
    const final = last(answer({ ...plan, final_estimator: { method: 'WLE' } }, 1));
    expect(final.items).toEqual(provisional.items);
    expect(final.theta).not.toBe(provisional.theta);
  });
});

describe('answers that come twice, late or wrong', () => {
  const adaptive = createTest(bank, { stop: { max_items: 3 } });
  const [first, second] = answer({ stop: { max_items: 3 } }, 4, 1);
  if (first === undefined || second === undefined) throw new Error('no states');

  test('the same answer again is repeated, another a conflict', () => {
    expect(reduceSession(adaptive, second, answerTo(first), at0)).toEqual({
      outcome: 'repeated',
      state: second,
    });
    const other = answerTo(first, 1 - response(first.pending?.item ?? 0));
    expect(reduceSession(adaptive, second, other, at0)).toEqual({ outcome: 'conflict', state: second });
    expect(reduceSession(adaptive, second, { ...answerTo(first), item: 299 }, at0).outcome).toBe('conflict');
  });

  test('an answer to what was not asked, or too early, is a conflict', () => {
    expect(reduceSession(adaptive, second, { ...answerTo(second), item: 299 }, at0).outcome).toBe('conflict');
    expect(reduceSession(adaptive, second, { ...answerTo(second), n: 2 }, at0).outcome).toBe('conflict');
  });

  test('a category that does not exist is refused', () => {
    expect(() => reduceSession(adaptive, first, answerTo(first, 2), at0)).toThrow(RangeError);
  });

  test('after the end only repetitions are known', () => {
    const ended = last(answer({ stop: { max_items: 3 } }, 4));
    expect(reduceSession(adaptive, ended, answerTo(first), at0).outcome).toBe('repeated');
    const more = { type: 'answer', n: 3, item: 1, response: 1, milliseconds: 1 } as const;
    expect(reduceSession(adaptive, ended, more, at0)).toEqual({ outcome: 'closed', state: ended });
    expect(reduceSession(adaptive, ended, { type: 'abandon' }, at0).outcome).toBe('closed');
  });

  test('an abandoned session keeps θ and says so', () => {
    const { outcome, state } = reduceSession(adaptive, second, { type: 'abandon' }, at0);
    expect(outcome).toBe('changed');
    expect(state).toMatchObject({
      status: 'abandoned',
      reason: 'abandoned',
      pending: null,
      theta: second.theta,
    });
  });
});

describe('a correction', () => {
  const adaptive = createTest(bank, { exposure: null, stop: { max_items: 8 } });
  const ended = last(answer({ exposure: null, stop: { max_items: 8 } }, 1));

  test('scores an answer anew and leaves what was given', () => {
    const n = ended.responses.indexOf(0);
    const amended = amendSession(adaptive, ended, n, 1);
    expect(amended.theta).toBeGreaterThan(ended.theta);
    expect(amended.items).toEqual(ended.items);
    expect(amendSession(adaptive, amended, n, 0)).toEqual(ended);
  });

  test('makes an answer void', () => {
    const amended = amendSession(adaptive, ended, 3, null);
    const keep = (_: number, k: number) => k !== 3;
    const without = { items: ended.items.filter(keep), responses: ended.responses.filter(keep) };
    expect({ theta: amended.theta, se: amended.se, at_bound: false }).toEqual(estimateEap(bank, without));
  });

  test('needs an answer and a category', () => {
    expect(() => amendSession(adaptive, ended, 8, 1)).toThrow(/no answer 8/);
    expect(() => amendSession(adaptive, ended, 0, 2)).toThrow(/none of its categories/);
  });
});

describe('time', () => {
  test('the test ends when its time is over, at whatever touch', () => {
    const adaptive = createTest(bank, { stop: { max_items: 30, time_limit_s: 600 } });
    const state = startSession(adaptive, { seed: 1 }, at0);
    expect(state.pending?.deadline).toBe(at0.now + 600_000);
    expect(reduceSession(adaptive, state, { type: 'touch' }, minute(10)).outcome).toBe('unchanged');
    const touched = reduceSession(adaptive, state, { type: 'touch' }, minute(10.1));
    expect(touched.outcome).toBe('changed');
    expect(touched.state).toMatchObject({ status: 'completed', reason: 'time_limit', v: 0 });
    const late = reduceSession(adaptive, state, answerTo(state), minute(10.1));
    expect(late.outcome).toBe('late');
    expect(late.state).toEqual(touched.state);
  });

  test('an item that is not answered in time counts as not solved, and the next is asked', () => {
    const adaptive = createTest(bank, { item_time_limit_s: 60, exposure: null });
    const state = startSession(adaptive, { seed: 1 }, at0);
    const late = reduceSession(adaptive, state, answerTo(state, 1), minute(2));
    expect(late.outcome).toBe('late');
    expect(late.state).toMatchObject({ v: 1, responses: [-1], milliseconds: [60_000] });
    expect(late.state.theta).toBeLessThan(0);
    expect(late.state.pending?.deadline).toBe(minute(3).now);
    expect(reduceSession(adaptive, late.state, answerTo(state, 1), minute(2)).outcome).toBe('late');
  });

  test('who needs more time gets more', () => {
    const adaptive = createTest(bank, { item_time_limit_s: 60, stop: { max_items: 30, time_limit_s: 600 } });
    const state = startSession(adaptive, { seed: 1, time_factor: 1.5 }, at0);
    expect(state.pending?.deadline).toBe(at0.now + 90_000);
    expect(reduceSession(adaptive, state, answerTo(state), minute(1.4)).outcome).toBe('accepted');
  });
});

describe('items on trial', () => {
  const trial = [290, 291, 292, 293];
  const plan: TestPlan = {
    exposure: null,
    stop: { max_items: 8 },
    pilot: { items: trial, count: 2, last: 7 },
  };
  test('are given unscored at places that only the seed knows', () => {
    const places = new Set<string>();
    const unscored = last(answer({ ...plan, pilot: { items: trial, count: 0 } }, 1));
    for (let seed = 0; seed < 30; seed++) {
      const { items, theta, se } = last(answer(plan, seed));
      const given = items.flatMap((item, n) => (trial.includes(item) ? [n] : []));
      expect(given).toHaveLength(2);
      expect(given.every((n) => n >= 2 && n <= 7)).toBe(true);
      expect(items).toHaveLength(10);
      expect([theta, se]).toEqual([unscored.theta, unscored.se]);
      places.add(given.join());
    }
    expect(places.size).toBeGreaterThan(5);
  });

  test('never count, and are never chosen for what they tell', () => {
    const { items } = last(answer({ ...plan, pilot: { items: trial, count: 0 } }, 1));
    expect(items.filter((item) => trial.includes(item))).toEqual([]);
  });
});

describe('content', () => {
  const groups = rows.map((_, i) => ['algebra', 'geometry', 'number'][i % 3] ?? '');
  test('proportions are kept to within one item', () => {
    const proportions = { algebra: 0.5, geometry: 0.3, number: 0.2 };
    const states = answer({ exposure: null, stop: { max_items: 30 }, content: { groups, proportions } }, 1);
    for (const { items } of states.slice(1)) {
      for (const [name, share] of Object.entries(proportions)) {
        const count = items.filter((item) => groups[item] === name).length;
        expect(Math.abs(count - share * items.length)).toBeLessThanOrEqual(1);
      }
    }
  });

  test('enemies never meet', () => {
    const free = last(answer({ exposure: null, stop: { max_items: 20 } }, 1)).items;
    const enemies = [free.slice(0, 6), free.slice(6, 12)];
    const { items } = last(answer({ exposure: null, stop: { max_items: 20 }, content: { enemies } }, 1));
    expect(items).toHaveLength(20);
    for (const set of enemies)
      expect(items.filter((item) => set.includes(item)).length).toBeLessThanOrEqual(1);
  });

  test('weighted deviations fill a minimum and keep a maximum', () => {
    const algebra = rows.flatMap((_, i) => (i % 3 === 0 ? [i] : []));
    const geometry = rows.flatMap((_, i) => (i % 3 === 1 ? [i] : []));
    const constraints = [
      { items: algebra, min: 9, weight: 5 },
      { items: geometry, max: 2, weight: 5 },
    ];
    const content = { deviations: { constraints } };
    const { items } = last(answer({ exposure: null, stop: { max_items: 12 }, content }, 1));
    expect(items.filter((item) => item % 3 === 0).length).toBeGreaterThanOrEqual(9);
    expect(items.filter((item) => item % 3 === 1).length).toBeLessThanOrEqual(2);
  });

  test('a bank that enemies use up ends the test', () => {
    const pair = createDichotomousBank([
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    const adaptive = createTest(pair, { stop: { max_items: 3 }, content: { enemies: [[0, 1, 2]] } });
    const state = startSession(adaptive, { seed: 1 }, at0);
    const { state: ended } = reduceSession(adaptive, state, answerTo(state, 1), at0);
    expect(ended).toMatchObject({ status: 'completed', reason: 'bank_exhausted', v: 1 });
  });
});

describe('exposure control in a session', () => {
  test('items that rest are not given, unless nothing else is left', () => {
    const usage = { sessions: 100, administered: rows.map((_, i) => (i < 250 ? 30 : 10)) };
    const adaptive = createTest(bank, { exposure: { r_max: 0.2 }, stop: { max_items: 60 } });
    let state = startSession(adaptive, { seed: 1 }, { ...at0, usage });
    while (state.pending !== null)
      ({ state } = reduceSession(adaptive, state, answerTo(state), { ...at0, usage }));
    expect(state.items.slice(0, 50).every((item) => item >= 250)).toBe(true);
    expect(state.items).toHaveLength(60);
  });
});

test('exposure control that needs usage is not left without', () => {
  for (const exposure of [{ r_max: 0.2 }, { eligibility: { r_max: 0.2 } }]) {
    const adaptive = createTest(bank, { exposure });
    expect(() => startSession(adaptive, { seed: 1 }, at0)).toThrow(/how the items were used/);
    const usage = { sessions: 1, administered: [1] };
    expect(() => startSession(adaptive, { seed: 1 }, { ...at0, usage })).toThrow(/usage of 1 items/);
  }
});

describe('plans that make no sense are refused', () => {
  test.each<readonly [string, TestPlan, RegExp]>([
    ['an unknown item at the start', { start: { items: [300] } }, /no item 300/],
    ['k for another bank', { exposure: { sympson_hetter: { k: [1] } } }, /300 values k/],
    ['groups for another bank', { content: { groups: ['a'], proportions: { a: 1 } } }, /1 content groups/],
    ['proportions without groups', { content: { proportions: { a: 1 } } }, /group of each item/],
    ['more trial items than there are', { pilot: { items: [1], count: 2 } }, /cannot be drawn/],
    ['a prior without width', { estimator: { method: 'EAP', prior: { sd: 0 } } }, /sd/],
    ['a time limit of nothing', { item_time_limit_s: 0 }, /item_time_limit_s/],
    ['r_max 0', { exposure: { r_max: 0 } }, /r_max/],
  ])('%s', (_, plan, message) => {
    expect(() => createTest(bank, plan)).toThrow(RangeError);
    expect(() => createTest(bank, plan)).toThrow(message);
  });

  test('a seed that is none', () => {
    expect(() => startSession(createTest(bank), { seed: -1 }, at0)).toThrow(/seed/);
  });
});
