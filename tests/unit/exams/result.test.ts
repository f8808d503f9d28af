import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testOf } from '#shared/domain/exams/plan.ts';
import { bandOf, frozenResponses, scoreOf, shareOf, thetaOfScore } from '#shared/domain/exams/result.ts';
import { expectedScore, itemInformation, reduceSession, startSession } from '#shared/domain/irt/index.ts';
import { bankOf, configOf, item, someBank } from './a-bank.ts';

describe('a score', () => {
  test('is 500 at the average, 100 a unit of θ, and stays from 200 to 800', () => {
    expect([0, 1, -1.234, 9, -9].map(scoreOf)).toEqual([500, 600, 376.6, 800, 200]);
  });

  test('says θ again, within its scale', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (theta) => {
        expect(Math.abs(thetaOfScore(scoreOf(theta)) - theta)).toBeLessThanOrEqual(0.0005 + 1e-12);
      }),
    );
  });

  test('lies within its band, which is as wide as the error', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        (theta, se) => {
          const { low, high } = bandOf(theta, se);
          const score = scoreOf(theta);
          expect(low).toBeLessThanOrEqual(score);
          expect(high).toBeGreaterThanOrEqual(score);
        },
      ),
    );
    expect(bandOf(0, 0.3)).toMatchObject({ low: 441.2, high: 558.8, level: 'average' });
    expect([-2, -1, 0.5, 1.5, 2].map((theta) => bandOf(theta, null).level)).toEqual([
      'far_below',
      'below',
      'average',
      'above',
      'far_above',
    ]);
  });
});

describe('an answer', () => {
  test('has its share of the highest category; late ones 0, void ones none', () => {
    const parameters = { model: 'GRM', a: 1, thresholds: [-1, 0, 1], se: null, source: 'entered' } as const;
    expect([0, 1, 3, -1, -2].map((category) => shareOf(category, parameters))).toEqual([
      0,
      1 / 3,
      1,
      0,
      null,
    ]);
    expect([0, 1].map((category) => shareOf(category, null))).toEqual([0, 1]);
  });

  test('is frozen with what was to be expected of it', () => {
    const graded = item(50, 0, {
      kind: 'multi',
      key: [0, 1],
      parameters: { model: 'GPCM', a: 1.1, thresholds: [-0.5, 0.8], se: null, source: 'entered' },
    });
    const pilot = item(51, 0, { status: 'pilot', parameters: null });
    const bank = bankOf([...someBank(10).published.items, graded, pilot]);
    const exam = testOf(bank, configOf({ stop: { max_items: 11, se: null }, pilot: { count: 1 } }));
    let state = startSession(exam.test, { seed: 4 }, { now: 0 });
    while (state.pending !== null) {
      const { n, item: given } = state.pending;
      const action = { type: 'answer', n, item: given, response: n % 2, milliseconds: 10 + n } as const;
      ({ state } = reduceSession(exam.test, state, action, { now: 0 }));
    }
    const frozen = frozenResponses(exam, state);
    expect(frozen).toHaveLength(12);
    for (const [n, one] of frozen.entries()) {
      const at = state.items[n] ?? -1;
      expect(one).toMatchObject({
        item_id: bank.published.items[at]?.item_id,
        milliseconds: 10 + n,
        category: n % 2,
      });
      if (one.pilot) expect(one).toMatchObject({ expected: null, variance: null, parameters: null });
      else {
        const highest = at === 10 ? 2 : 1;
        expect(one.expected).toBeCloseTo(expectedScore(bank.engine, at, state.theta) / highest, 5);
        // of GPCM and 2PL the information is a² Var
        const slope = bank.engine.slope[at] ?? 1;
        expect((one.variance ?? 0) * highest ** 2 * slope ** 2).toBeCloseTo(
          itemInformation(bank.engine, at, state.theta),
          4,
        );
      }
    }
  });
});
