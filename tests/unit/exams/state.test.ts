import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testOf } from '#shared/domain/exams/plan.ts';
import { reduceSession, startSession } from '#shared/domain/irt/index.ts';
import { forStudent } from '#shared/domain/items/for-student.ts';
import type { PublishedItem } from '#shared/domain/items/types.ts';
import { engineState, after as stateAfter } from '#shared/exams/state.ts';
import type { ReleasedTest } from '#shared/exams/tests.ts';
import { type ExamState, examStates } from '#shared/table/exam-session.ts';
import { configOf, someBank } from './a-bank.ts';

const bank = someBank(80);
const config = configOf({
  stop: { max_items: 30, se: null, time_limit_s: 3600 },
  item_time_limit_s: 60,
  exposure: { randomesque: { size: 4, items: null } },
});
const uuid = '01938d5a-7c3e-7a10-9f00-1c2d3e4f5a6b';
const exam: ReleasedTest = {
  ...testOf(bank, config),
  pilots: 0,
  release: {
    plan_id: uuid,
    release: 1,
    revision: 1,
    bank_id: uuid,
    bank_version: 3,
    config,
    k: null,
    released_by: uuid,
    released_at: '2026-11-21T09:00:00.000Z',
  },
};

const first = (seed: number, began: number): ExamState => {
  const { pending, theta, se } = startSession(exam.test, { seed }, { now: began });
  return {
    exam_session_id: uuid,
    student_id: uuid,
    student_name: '김민아',
    class_id: uuid,
    exam_type: 'placement',
    plan_id: uuid,
    release: 1,
    max_items: 30,
    status: 'in_progress',
    reason: null,
    seq: 1,
    began,
    at: began,
    seed,
    factor: 1,
    i: [],
    r: [],
    t: [],
    a: [],
    next: pending?.item ?? null,
    until: pending?.deadline ?? null,
    theta,
    se,
  };
};

/** As it comes back from the table. */
const stored = (state: ExamState): ExamState => examStates.parse(examStates.stored(state));

/** The bytes that DynamoDB counts of an item: names and values, by its published rules. */
function sizeOf(state: ExamState): number {
  const attribute = (value: unknown): number => {
    const [[type, inner] = ['', '']] = Object.entries(value as Record<string, unknown>);
    if (type === 'S') return Buffer.byteLength(String(inner));
    if (type === 'N') return Math.ceil(String(inner).replace(/^-|\.|^0+|0+$/g, '').length / 2) + 2;
    if (type === 'L' && Array.isArray(inner))
      return 3 + inner.reduce((sum, one) => sum + 1 + attribute(one), 0);
    return 1;
  };
  return Object.entries(marshall(examStates.stored(state))).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + attribute(value),
    0,
  );
}

describe('a stored state', () => {
  test('goes the way of the engine’s own, whatever is answered and however long it takes', () => {
    const steps = fc.array(
      fc.record({ response: fc.constantFrom(0, 1), wait_s: fc.integer({ min: 1, max: 90 }) }),
      {
        minLength: 1,
        maxLength: 35,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 }), steps, (seed, answers) => {
        let now = 1_763_700_000_000;
        let ours = first(seed, now);
        let theirs = startSession(exam.test, { seed }, { now });
        for (const { response, wait_s } of answers) {
          if (theirs.pending === null) break;
          now += 1000 * wait_s;
          const { n, item } = theirs.pending;
          const action = { type: 'answer', n, item, response, milliseconds: 1000 * wait_s } as const;
          const step = reduceSession(exam.test, engineState(stored(ours)), action, { now });
          const given = step.outcome === 'accepted' ? response : null;
          ours = stateAfter(ours, step.state, { exam, at: now, given });
          theirs = reduceSession(exam.test, theirs, action, { now }).state;
        }
        const { v, items, responses, milliseconds, pending, theta, se } = engineState(stored(ours));
        expect({ v, items, responses, milliseconds, pending, theta, se }).toEqual({
          v: theirs.v,
          items: theirs.items,
          responses: theirs.responses,
          milliseconds: theirs.milliseconds,
          pending: theirs.pending,
          theta: theirs.theta,
          se: theirs.se,
        });
        expect(ours.a.map((answer) => answer === null)).toEqual(ours.r.map((category) => category === -1));
        expect(ours.status === 'in_progress').toBe(theirs.status === 'active');
      }),
      { numRuns: 60 },
    );
  });

  test('of the first version, with each part of an answer for itself, is read as well', () => {
    const given = { i: [4, 7], r: [1, -1], t: [900, 60_000], a: [2, null] };
    const { i: _i, r: _r, t: _t, a: _a, ...state } = first(9, 1_763_700_000_000);
    const old = { ...state, ...given, type: 'exam_state', schema_version: 1 };
    expect(examStates.parse(old)).toEqual({ ...state, ...given });
    // an answer since then has written the text, and left the rest of the item as it was
    const more = { i: [4, 7, 1], r: [1, -1, 0], t: [900, 60_000, 500], a: [2, null, 3] };
    expect(examStates.parse({ ...old, given: JSON.stringify(more) })).toEqual({ ...state, ...more });
  });

  test('of 30 answers is at most 1 KB, one write unit', () => {
    let now = 1_763_700_000_000;
    let state = first(12_345_678_901, now);
    for (let n = 0; n < 29; n++) {
      now += 12_345;
      const action = {
        type: 'answer',
        n,
        item: state.next ?? 0,
        response: n % 2,
        milliseconds: 12_345,
      } as const;
      const step = reduceSession(exam.test, engineState(state), action, { now });
      state = stateAfter(state, step.state, { exam, at: now, given: n % 4 });
    }
    console.info(`a state of 29 answers: ${sizeOf(state)} bytes`);
    expect(state.i).toHaveLength(29);
    expect(sizeOf(state)).toBeLessThanOrEqual(1024);
  });
});

test('what a student gets of an item has none of its secrets', () => {
  const secret = fc.string({ minLength: 8 }).map((text) => `§${text}§`);
  fc.assert(
    fc.property(secret, secret, fc.double({ min: 0.2, max: 3, noNaN: true }), (explanation, tag, a) => {
      const [one] = bank.published.items;
      if (!one) throw new Error('the bank has items');
      const whole: PublishedItem = {
        ...one,
        explanation,
        tags: [tag],
        parameters: { model: '2PL', a, b: a / 7, c: 0, d: 1, se: null, source: 'entered' },
      };
      const told = JSON.stringify(forStudent(whole));
      expect(Object.keys(JSON.parse(told)).sort()).toEqual(['body', 'item_id', 'kind', 'options']);
      for (const hidden of [explanation, tag])
        expect(told).not.toContain(JSON.stringify(hidden).slice(1, -1));
    }),
  );
});
