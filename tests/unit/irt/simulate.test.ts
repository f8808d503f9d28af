import { describe, expect, test } from 'vitest';
import {
  createBank,
  createDichotomousBank,
  findExposureParameters,
  type SimulationSummary,
  seedOf,
  simulate,
  type TestPlan,
} from '#shared/domain/irt/index.ts';
import { simulation } from './recorded.ts';

const recorded = simulation();
const bank = createDichotomousBank(recorded.items);
const examinees = { thetas: recorded.thetas, respond: recorded.respond };
const plan: TestPlan = {
  estimator: { method: 'EAP', quadrature: { nodes: 33, lower: -4, upper: 4 } },
  selection: { criterion: 'MFI' },
  exposure: null,
  stop: { max_items: 30, se: 0.3 },
};

/** The recorded plan on the recorded simulees, and on simulees of its own: run once, looked at by several tests. */
const recordedRun = once(() => simulate(bank, plan, examinees));
const ownRun = once(() => simulate(bank, plan, { simulees: 400, seed: 1 }));

function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** Each figure to six decimals. */
const expectNear = (summary: SimulationSummary, figures: Partial<SimulationSummary>): void => {
  for (const [name, value] of Object.entries(figures))
    expect(summary).toHaveProperty(name, expect.closeTo(value, 6));
};

describe('the recorded simulation', () => {
  test('600 simulees are given the recorded items and get the recorded θ', () => {
    const { sessions, summary } = recordedRun();
    let furthest = 0;
    sessions.forEach(({ items, theta, se }, i) => {
      const expected = recorded.sequences[i];
      expect(items, `simulee ${i}`).toEqual(expected?.items);
      furthest = Math.max(
        furthest,
        Math.abs(theta - (expected?.theta ?? 9)),
        Math.abs(se - (expected?.se ?? 9)),
      );
    });
    expect(furthest).toBeLessThanOrEqual(1e-10);
    expect(summary.simulees).toBe(600);
    expect(summary).toMatchObject({
      items_used: 105,
      items_never_used: 195,
      items_over_20_percent: 41,
      items_over_30_percent: 30,
    });
    const figures = {
      mean_items: 21.678333,
      sd_items: 2.772159,
      share_at_max_items: 0.041667,
      bias: 0.005265785,
      rmse: 0.301461997,
      mae: 0.229100215,
      correlation: 0.952752558,
      mean_se: 0.297872069,
      overlap: 0.443026704,
      max_exposure: 1,
    } as const;
    expectNear(summary, figures);
  });

  test('61 nodes on ±6 give the recorded figures', () => {
    const estimator = { method: 'EAP', quadrature: { nodes: 61, lower: -6, upper: 6 } } as const;
    const { summary } = simulate(bank, { ...plan, estimator }, examinees);
    expect(summary.bias).toBeCloseTo(0.005295582, 8);
    expect(summary.rmse).toBeCloseTo(0.301493331, 8);
    expect(summary.mean_se).toBeCloseTo(0.297927526, 8);
  });

  test('items over a rate of .20 rest (restricted)', () => {
    const { summary, exposure } = simulate(bank, { ...plan, exposure: { r_max: 0.2 } }, examinees);
    const figures = {
      mean_items: 27.143333,
      sd_items: 3.854364,
      share_at_max_items: 0.565,
      bias: 0.014799665,
      rmse: 0.321226712,
      mae: 0.253129413,
      correlation: 0.946243199,
      mean_se: 0.315640212,
    } as const;
    expectNear(summary, figures);
    expect(summary).toMatchObject({ items_used: 209, items_never_used: 91, items_over_20_percent: 0 });
    expect(summary.overlap).toBeCloseTo(0.178658766, 8);
    expect(Math.max(...exposure)).toBeLessThanOrEqual(0.2);
  });

  test.each([
    ['randomesque5', 5],
    ['randomesque10', 10],
  ])('%s is like the recorded one', (name, size) => {
    const { summary } = simulate(bank, { ...plan, exposure: { randomesque: { size } } }, examinees);
    const expected = recorded.other[name];
    expect(Math.abs(summary.mean_items - (expected?.meanItems ?? 0))).toBeLessThanOrEqual(0.25);
    expect(Math.abs(summary.rmse - (expected?.RMSE ?? 0))).toBeLessThanOrEqual(0.01);
    expect(Math.abs(summary.max_exposure - (expected?.maxExposure ?? 0))).toBeLessThanOrEqual(0.05);
  });
});

describe('a simulation', () => {
  test('is the same with the same seed and another with another', () => {
    const few = { simulees: 20, seed: 3 };
    const random = { ...plan, exposure: { randomesque: { size: 5 } } };
    expect(simulate(bank, random, few)).toEqual(simulate(bank, random, few));
    expect(simulate(bank, random, few).sessions).not.toEqual(
      simulate(bank, random, { ...few, seed: 4 }).sessions,
    );
  });

  test('draws abilities and responses as the model says', () => {
    const { sessions } = ownRun();
    const thetas = sessions.map(({ true_theta }) => true_theta);
    const mean = thetas.reduce((sum, theta) => sum + theta, 0) / 400;
    const variance = thetas.reduce((sum, theta) => sum + (theta - mean) ** 2, 0) / 400;
    expect(Math.abs(mean)).toBeLessThan(0.15);
    expect(Math.abs(variance - 1)).toBeLessThan(0.25);
    // at their θ the standardised errors of the estimates have about the variance of the posterior
    const chi2 =
      sessions.reduce((sum, { theta, true_theta, se }) => sum + ((theta - true_theta) / se) ** 2, 0) / 400;
    expect(Math.abs(chi2 - 1)).toBeLessThan(0.25);
  });

  test('reports accuracy by ability and counts everybody once', () => {
    const { conditional, summary, sessions, exposure } = ownRun();
    expect(conditional.reduce((sum, { simulees }) => sum + simulees, 0)).toBe(400);
    for (const { from, to } of conditional) expect(to).toBe(from + 1);
    const bias = conditional.reduce((sum, part) => sum + part.bias * part.simulees, 0) / 400;
    expect(bias).toBeCloseTo(summary.bias, 12);
    const given = sessions.reduce((sum, { items }) => sum + items.length, 0);
    expect(exposure.reduce((sum, rate) => sum + rate * 400, 0)).toBeCloseTo(given, 9);
  });

  test('runs on items with several categories, and with every estimator', () => {
    const items = Array.from({ length: 40 }, (_, i) => ({
      model: i % 2 === 0 ? ('GRM' as const) : ('GPCM' as const),
      a: 1 + (i % 5) / 5,
      thresholds: [(i % 9) / 3 - 2.5, (i % 9) / 3 - 1.2, (i % 9) / 3],
    }));
    const graded = createBank(items);
    for (const method of ['MLE', 'MAP', 'EAP', 'WLE', 'EAPsum'] as const) {
      const { summary } = simulate(
        graded,
        { estimator: { method }, stop: { max_items: 15 } },
        { simulees: 24, seed: 2 },
      );
      expect(summary.mean_items).toBe(15);
      expect(summary.correlation, method).toBeGreaterThan(0.8);
    }
  });
});

describe('exposure control by chance', () => {
  const short: TestPlan = { ...plan, stop: { max_items: 15 } };
  test("Sympson and Hetter's parameters keep new simulees' rates at r_max", () => {
    const search = { r_max: 0.25, simulees: 150, rounds: 10, seed: 1 };
    const found = findExposureParameters(bank, short, search);
    expect(found.converged).toBe(true);
    expect(found.max_exposure[0]).toBe(1);
    expect(found.k.every((k) => k > 0 && k <= 1)).toBe(true);
    expect(found.k.filter((k) => k === 1).length).toBeGreaterThanOrEqual(15);
    const { k, from } = found;
    const { summary } = simulate(
      bank,
      { ...short, exposure: { sympson_hetter: { k, from } } },
      { simulees: 300, seed: 77 },
    );
    expect(summary.max_exposure).toBeLessThanOrEqual(0.25 + 0.08);
    expect(summary.mean_items).toBe(15);
  });

  test('they hold together with randomesque, unless they begin too late', () => {
    const { exposure: _, ...byDefault } = short;
    const search = { r_max: 0.3, simulees: 100, rounds: 10, seed: 1 };
    const { k, from, converged } = findExposureParameters(bank, byDefault, search);
    expect({ from, converged }).toEqual({ from: 0, converged: true });
    const exposure = { randomesque: { size: 5, items: 5 }, sympson_hetter: { k } };
    const { summary } = simulate(bank, { ...short, exposure }, { simulees: 300, seed: 78 });
    expect(summary.max_exposure).toBeLessThanOrEqual(0.3 + 0.08);
    const late = findExposureParameters(bank, byDefault, { ...search, simulees: 100, rounds: 2, from: 5 });
    expect(late.converged).toBe(false);
    expect(Math.min(...late.k)).toBe(0.01);
  });

  test('eligibility keeps every rate about r_max from session to session', () => {
    const { summary } = simulate(
      bank,
      { ...short, exposure: { eligibility: { r_max: 0.25 } } },
      { simulees: 600, seed: 5 },
    );
    expect(summary.max_exposure).toBeLessThanOrEqual(0.25 + 0.06);
    expect(summary.mean_items).toBe(15);
    expect(recordedRun().summary.max_exposure).toBe(1);
  });

  test('it is on by default', () => {
    const { exposure, ...rest } = plan;
    expect(exposure).toBeNull();
    const first = simulate(bank, rest, { simulees: 200 }).sessions.map(({ items }) => items[0]);
    expect(new Set(first).size).toBe(5);
  });

  test('an r_max that no bank of this size can keep is refused', () => {
    expect(() => findExposureParameters(bank, short, { r_max: 0.04 })).toThrow(/cannot make tests of 15/);
  });
});

test('seeds of simulees differ', () => {
  expect(new Set(Array.from({ length: 5000 }, (_, i) => seedOf(1, i))).size).toBeGreaterThan(4995);
});
