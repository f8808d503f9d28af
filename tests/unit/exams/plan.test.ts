import { describe, expect, test } from 'vitest';
import { PlanProblem, planOf, testOf } from '#shared/domain/exams/plan.ts';
import { createTest, reduceSession, startSession } from '#shared/domain/irt/index.ts';
import { bankOf, configOf, item, someBank } from './a-bank.ts';

const bank = someBank();

describe('a configuration', () => {
  test('left empty is the engine’s own default test', () => {
    const { test: ours, min_items } = testOf(bank, configOf());
    const theirs = createTest(bank.engine);
    expect(min_items).toBe(5);
    expect(ours.exposure).toEqual(theirs.exposure);
    expect(ours.stop).toMatchObject(theirs.stop);
    for (const seed of [1, 2, 3]) {
      const answers = (n: number) => (n * seed) % 2;
      const run = (test: typeof ours) => {
        let state = startSession(test, { seed }, { now: 0 });
        while (state.pending !== null) {
          const { n, item: given } = state.pending;
          const action = { type: 'answer', n, item: given, response: answers(n), milliseconds: 1 } as const;
          ({ state } = reduceSession(test, state, action, { now: 0 }));
        }
        return state;
      };
      expect(run(ours)).toEqual(run(theirs));
    }
  });

  test('is told to the engine item by item, group by group', () => {
    const plan = planOf(
      bank,
      configOf({
        estimator: { method: 'MAP', prior: { mean: 0.5, sd: 0.8 }, bounds: { min: -4, max: 4 } },
        final_estimator: { method: 'WLE' },
        selection: { criterion: 'KL' },
        exposure: {
          randomesque: null,
          r_max: 0.3,
          eligibility: { r_max: 0.2 },
          sympson_hetter: { target: 0.2, from: 3 },
        },
        content: {
          by: 'module',
          proportions: { geometry: 2, algebra: 1 },
          enemies: [['item-001', 'item-004']],
          deviations: { constraints: [{ by: 'tag', value: 't2', max: 3, weight: 2 }] },
          shadow: { constraints: [{ by: 'items', items: ['item-007'], max: 0 }] },
        },
        stop: { max_items: 12, min_items: 4, classification: { cut: 0.5 } },
        start: { theta: -1, items: ['item-010'] },
        item_time_limit_s: 60,
      }),
      Array.from({ length: 40 }, () => 0.5),
    );
    expect(plan).toMatchObject({
      estimator: { method: 'MAP', prior: { mean: 0.5, sd: 0.8 }, bounds: [-4, 4] },
      final_estimator: { method: 'WLE' },
      exposure: { r_max: 0.3, eligibility: { r_max: 0.2 }, sympson_hetter: { from: 3 } },
      stop: { max_items: 12, min_items: 4, se: 0.3, classification: { cut: 0.5 } },
      start: { theta: -1, items: [10] },
      item_time_limit_s: 60,
      content: {
        proportions: { geometry: 2, algebra: 1 },
        enemies: [[1, 4]],
        deviations: {
          constraints: [{ max: 3, weight: 2, items: [2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38] }],
        },
        shadow: { constraints: [{ items: [7], max: 0 }] },
      },
    });
    expect(plan.content?.groups?.slice(0, 3)).toEqual(['algebra', 'geometry', 'algebra']);
  });

  test('takes the version’s items on trial as pilots, and never chooses one otherwise', () => {
    const pilots = [40, 41, 42].map((k) => item(k, 0, { status: 'pilot', parameters: null }));
    const mixed = bankOf([...bank.published.items, ...pilots]);
    expect(planOf(mixed, configOf(), null).pilot).toEqual({ items: [40, 41, 42], count: 0 });
    const { test: made } = testOf(
      mixed,
      configOf({ pilot: { count: 2 }, stop: { max_items: 20, se: null } }),
    );
    let state = startSession(made, { seed: 9 }, { now: 0 });
    while (state.pending !== null) {
      const { n, item: given } = state.pending;
      const action = { type: 'answer', n, item: given, response: 1, milliseconds: 1 } as const;
      ({ state } = reduceSession(made, state, action, { now: 0 }));
    }
    expect(state.items).toHaveLength(22);
    expect(state.items.filter((index) => index >= 40)).toHaveLength(2);
  });

  test.each([
    [{ start: { items: ['nothing'] } }, ['start', 'items', 0]],
    [{ content: { enemies: [['item-001', 'nothing']] } }, ['content', 'enemies', 0, 1]],
    [{ content: { by: 'tag', proportions: { t9: 1 } } }, ['content', 'proportions', 't9']],
    [
      { content: { deviations: { constraints: [{ by: 'module', value: 'music', min: 1 }] } } },
      ['content', 'deviations', 'constraints', 0, 'value'],
    ],
    [
      { content: { shadow: { constraints: [{ by: 'items', items: ['nothing'] }] } } },
      ['content', 'shadow', 'constraints', 0, 'items', 0],
    ],
    [
      { content: { shadow: { constraints: [{ by: 'module', value: 'algebra', min: 5, max: 3 }] } } },
      ['content'],
    ],
    [{ stop: { max_items: 41 } }, ['stop', 'max_items']],
    [{ stop: { confidence_interval: { bounds: [1, -1] } } }, ['stop', 'confidence_interval']],
    [{ stop: { sprt: { cut: 0, delta: 0.5, alpha: 0.5, beta: 0.5 } } }, ['stop', 'sprt']],
    [{ pilot: { count: 1 } }, ['pilot']],
    [{ estimator: { bounds: { min: 2, max: 1 } } }, ['estimator']],
    [{ estimator: { quadrature: { nodes: 11, min: 2, max: 1 } } }, ['estimator']],
  ] as const)('that does not fit the bank says where: %j', (config, path) => {
    let problem: unknown;
    try {
      // the cases are given as they would be sent
      testOf(bank, configOf(config as Parameters<typeof configOf>[0]));
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(PlanProblem);
    expect(problem).toMatchObject({ path });
  });

  test('is lowered by a session and never raised', () => {
    expect(testOf(bank, configOf(), { max_items: 3 })).toMatchObject({
      min_items: 3,
      test: { stop: { max_items: 3 } },
    });
    expect(testOf(bank, configOf(), { max_items: 99 }).test.stop.max_items).toBe(30);
  });
});
