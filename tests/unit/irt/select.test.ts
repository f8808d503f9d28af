import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGrid } from '#shared/domain/irt/estimate/grid.ts';
import {
  type CriterionName,
  categoryProbabilities,
  createBank,
  createDichotomousBank,
  criterionNames,
  criterionValues,
  groupsByNeed,
  type ItemParameters,
  itemInformation,
  prepareContent,
  strataOf,
  thetasOfMaximum,
  weightedDeviations,
} from '#shared/domain/irt/index.ts';
import { ability, answered, anyItem } from './arbitraries.ts';
import { expectClose } from './close.ts';
import { selection } from './recorded.ts';

const quadrature = { nodes: 33, lower: -4, upper: 4 };

/** The recorded names of values and picks. */
const recordedAs: Readonly<Record<string, CriterionName>> = {
  MFI: 'MFI',
  bOptDistance: 'urry',
  MLWI: 'MLWI',
  MPWI: 'MPWI',
  KL: 'KL',
  KLP: 'KLP',
  GDI: 'GDI',
  GDIP: 'GDIP',
  MEPV: 'MEPV',
  MEI_Fisher_EAP: 'MEI',
  MEI_observed_EAP: 'MEI_observed',
};
const pickedAs: Readonly<Record<string, CriterionName>> = {
  ...recordedAs,
  bOpt: 'urry',
  thOpt: 'thOpt',
  MEI: 'MEI',
};

describe('recorded situations', () => {
  const { bank: recordedBank, contentTargets, cases } = selection();
  const bank = createDichotomousBank(recordedBank.items);
  cases.forEach(({ administered, responses, theta, se, candidates, values, picked }, i) => {
    const request = { theta, se, answers: { items: administered, responses }, quadrature };
    for (const [name, expected] of Object.entries(values)) {
      const criterion = recordedAs[name];
      if (criterion === undefined) continue;
      test(`${name} of every candidate in situation ${i}`, () => {
        const found = criterionValues(bank, { ...request, criterion, candidates });
        expectClose(found.values, expected, 1e-10, name);
      });
    }
    for (const [name, item] of Object.entries(picked)) {
      const criterion = pickedAs[name];
      if (criterion === undefined) continue;
      test(`${name} picks item ${item} in situation ${i}`, () => {
        const found = criterionValues(bank, { ...request, criterion });
        expect(Array.from(found.candidates)).toEqual(candidates);
        expect(found.best).toBe(item);
      });
    }
  });

  test('content balance takes the most informative item of the group that lacks most', () => {
    const [, balanced] = cases;
    const { administered = [], candidates = [], theta = 0, picked } = balanced ?? {};
    const content = prepareContent(bank, { groups: recordedBank.groups, proportions: contentTargets });
    const [group] = groupsByNeed(content, administered, candidates);
    const open = candidates.filter((item) => content.group[item] === group);
    const { best } = criterionValues(bank, { criterion: 'MFI', theta, candidates: open });
    expect(best).toBe(picked?.['MFI_contentBalanced']);
  });
});

describe('criteria by their definitions', () => {
  const situation = fc
    .tuple(answered(anyItem, 8), ability)
    .map(([{ bank, responses }, theta]) => ({ bank, theta, responses }));

  test('every criterion gives every candidate a finite value, and prefers one', () => {
    fc.assert(
      fc.property(situation, ({ bank, theta, responses }) => {
        const answers = { items: [0], responses: responses.slice(0, 1) };
        for (const criterion of criterionNames) {
          const found = criterionValues(bank, { criterion, theta, answers, se: 0.7, seed: 5 });
          expect(found.values.length).toBe(bank.size - 1);
          expect(Array.from(found.values).every(Number.isFinite), criterion).toBe(true);
          expect(found.best).toBe(bank.size === 1 ? -1 : found.best);
          if (bank.size > 1) expect(found.best).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(criterionNames)('%s is finite where an answer is impossible in double precision', (criterion) => {
    const bank = createDichotomousBank([
      [20, -50],
      [20, 50],
      [1, 0],
    ]);
    const { values } = criterionValues(bank, { criterion, theta: 0 });
    for (const value of values) expect(Number.isFinite(value)).toBe(true);
  });

  test('information weighted by a narrow prior is the information at its centre', () => {
    fc.assert(
      fc.property(situation, ({ bank, theta }) => {
        const prior = { mean: theta, sd: 0.01 };
        const grid = { nodes: 1001, lower: theta - 0.1, upper: theta + 0.1 };
        const weighted = criterionValues(bank, { criterion: 'MPWI', theta, prior, quadrature: grid });
        const fisher = criterionValues(bank, { criterion: 'MFI', theta });
        fisher.values.forEach((value, k) => {
          expect(Math.abs((weighted.values[k] ?? 0) - value)).toBeLessThanOrEqual(0.02 * Math.max(1, value));
        });
      }),
      { numRuns: 40 },
    );
  });

  test('the interval criterion is the integral of information', () => {
    fc.assert(
      fc.property(situation, fc.double({ min: 0.1, max: 3, noNaN: true }), ({ bank, theta }, half_width) => {
        const { values } = criterionValues(bank, { criterion: 'interval', theta, half_width });
        values.forEach((value, item) => {
          const steps = 2000;
          let sum = 0;
          for (let k = 0; k < steps; k++)
            sum += itemInformation(bank, item, theta - half_width + ((2 * k + 1) * half_width) / steps);
          expectClose([value], [(sum * 2 * half_width) / steps], 1e-5 * Math.max(1, value));
        });
      }),
      { numRuns: 20 },
    );
  });

  test('an answer is never expected to widen the posterior', () => {
    fc.assert(
      fc.property(situation, ({ bank }) => {
        // with P averaged over the posterior instead of taken at θ̂ this is an identity; on one wide node it holds
        const prior = { mean: 0, sd: 0.05 };
        const grid = { nodes: 201, lower: -0.5, upper: 0.5 };
        const { values } = criterionValues(bank, { criterion: 'MEPV', theta: 0, prior, quadrature: grid });
        for (const value of values) expect(value).toBeLessThanOrEqual(0.05 ** 2 * 1.01);
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['dichotomous', 0.4],
    ['dichotomous', -6],
    ['mixed', 0.4],
    ['mixed', -6],
  ])('MEPV, KLP and MEI of %s items are their definitions at θ = %d', (kind, theta) => {
    // of all examinees only one in millions gets the first wrong, and the second right, but at θ = −6 one in twenty
    const sure: ItemParameters[] = [
      { model: '2PL', a: 3, b: -7 },
      { model: '2PL', a: 3, b: 7 },
      { model: '3PL', a: 1.4, b: 0.3, c: 0.2 },
      { model: '4PL', a: 1.1, b: -0.5, c: 0.1, d: 0.9 },
    ];
    const several: ItemParameters[] = [
      { model: 'GRM', a: 1.3, thresholds: [-1, 0.2, 6] },
      { model: 'GPCM', a: 0.8, thresholds: [0.4, -0.3] },
    ];
    const bank = createBank(kind === 'mixed' ? [...sure, ...several] : sure);
    const { nodes, weights } = createGrid();
    const prior = Array.from(nodes, (node, q) => Math.exp(-(node ** 2) / 2) * (weights[q] ?? 0));
    const momentsAfter = (item: number, category: number) => {
      const masses = prior.map(
        (mass, q) => mass * (categoryProbabilities(bank, item, nodes[q] ?? 0)[category] ?? 0),
      );
      const mass = masses.reduce((sum, m) => sum + m, 0);
      const mean = masses.reduce((sum, m, q) => sum + m * (nodes[q] ?? 0), 0) / mass;
      const variance = masses.reduce((sum, m, q) => sum + m * ((nodes[q] ?? 0) - mean) ** 2, 0) / mass;
      return { mean, variance };
    };
    const expectedOver = (worth: (item: number, category: number, share: number) => number) =>
      Array.from(bank.b, (_, item) =>
        Array.from(categoryProbabilities(bank, item, theta)).reduce(
          (sum, share, category) => sum + share * worth(item, category, share),
          0,
        ),
      );
    const values = (criterion: CriterionName) => criterionValues(bank, { criterion, theta }).values;
    expectClose(
      values('MEPV'),
      expectedOver((item, category) => momentsAfter(item, category).variance),
      1e-10,
    );
    expectClose(
      values('MEI'),
      expectedOver((item, category) => itemInformation(bank, item, momentsAfter(item, category).mean)),
      1e-10,
    );
    const scaled = prior.map((mass) => mass / Math.sqrt(2 * Math.PI));
    expectClose(
      values('KLP'),
      expectedOver((item, category, share) =>
        scaled.reduce((sum, mass, q) => {
          const there = categoryProbabilities(bank, item, nodes[q] ?? 0)[category] ?? 0;
          return sum + mass * Math.log(share / there);
        }, 0),
      ),
      1e-10,
    );
  });

  test('thOpt is the distance to the peak, closest shifts θ', () => {
    const bank = createDichotomousBank([
      [1, 0, 0.5],
      [2, 1, 0.2],
    ]);
    const peaks = thetasOfMaximum(bank);
    expectClose(
      criterionValues(bank, { criterion: 'thOpt', theta: 0.3 }).values,
      peaks.map((peak) => Math.abs(peak - 0.3)),
      1e-15,
    );
    expectClose(
      criterionValues(bank, { criterion: 'closest', theta: 0.3, offset: 0.481 }).values,
      [0.781, 0.219],
      1e-12,
    );
    expect(peaks[0]).toBeCloseTo(0.481, 3);
  });

  test('strata rise in a, are as large as each other, and are passed through in order', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [0.5 + ((i * 17) % 40) / 20, ((i * 7) % 40) / 10 - 2]);
    const bank = createDichotomousBank(rows);
    for (const blocking of [false, true]) {
      const strata = strataOf(bank, 'a', { strata: 4, blocking });
      for (let s = 0; s < 4; s++) expect(strata.filter((value) => value === s).length).toBe(10);
      const meanA = [0, 1, 2, 3].map((s) =>
        rows.reduce((sum, [a = 0], i) => sum + (strata[i] === s ? a : 0), 0),
      );
      expect(meanA).toEqual([...meanA].sort((a, b) => a - b));
    }
    const strata = strataOf(bank, 'a', { strata: 4 });
    const given: number[] = [];
    const stages: number[] = [];
    for (let n = 0; n < 20; n++) {
      const answers = { items: given, responses: given.map(() => 1) };
      const { best } = criterionValues(bank, {
        criterion: 'a_stratified',
        theta: 0,
        answers,
        progress: { max_items: 20 },
      });
      stages.push(strata[best] ?? -1);
      given.push(best);
    }
    expect(stages).toEqual([0, 1, 2, 3].flatMap((s) => new Array(5).fill(s)));
  });

  test('progressive begins by chance and ends by information', () => {
    const bank = createDichotomousBank(Array.from({ length: 50 }, (_, i) => [0.5 + i / 25, 0]));
    const at = (answeredSoFar: number, seed: number) => {
      const items = Array.from({ length: answeredSoFar }, (_, i) => i);
      const answers = { items, responses: items.map(() => 1) };
      return criterionValues(bank, {
        criterion: 'progressive',
        theta: 0,
        seed,
        answers,
        progress: { max_items: 10 },
      }).best;
    };
    const first = new Set(Array.from({ length: 40 }, (_, seed) => at(0, seed)));
    const last = new Set(Array.from({ length: 40 }, (_, seed) => at(9, seed)));
    expect(first.size).toBeGreaterThan(15);
    expect([...last]).toEqual([49]);
    expect(at(3, 7)).toBe(at(3, 7));
  });

  test('proportional gives probabilities that sharpen', () => {
    const bank = createDichotomousBank([
      [0.5, 0],
      [1, 0],
      [2, 0],
    ]);
    const at = (n: number) => {
      const answers = { items: [0].slice(0, n), responses: [1].slice(0, n) };
      return criterionValues(bank, {
        criterion: 'proportional',
        theta: 0,
        answers,
        candidates: [1, 2],
        progress: { max_items: 3 },
      });
    };
    expectClose(at(0).values, [0.5, 0.5], 1e-15);
    // after one of three W = 1/3, H = 1: as their informations, 1 : 4
    expectClose(at(1).values, [0.2, 0.8], 1e-12);
    expect(at(1).prefers).toBe('drawn');
  });

  test('random gives every candidate the same chance', () => {
    const bank = createDichotomousBank([
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 4000; seed++) {
      const { best } = criterionValues(bank, { criterion: 'random', theta: 0, seed });
      counts[best] = (counts[best] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });

  test('polytomous items are weighed as dichotomous ones of two categories', () => {
    const two = createBank([
      { model: '2PL', a: 1.4, b: 0.3 },
      { model: 'GRM', a: 1.4, thresholds: [0.3] },
      { model: 'GPCM', a: 1.4, thresholds: [0.3] },
      { model: '2PL', a: 1, b: 0 },
    ]);
    const answers = { items: [3], responses: [1] };
    for (const criterion of criterionNames) {
      if (['random', 'progressive'].includes(criterion)) continue;
      const { values } = criterionValues(two, {
        criterion,
        theta: 0.2,
        answers,
        progress: { max_items: 4 },
        strata: 1,
      });
      expectClose(
        values,
        values.map(() => values[0] ?? 0),
        1e-7,
        criterion,
      );
    }
  });
});

describe('weighted deviations', () => {
  const wanted = {
    constraints: [
      { items: [0, 1], min: 2 },
      { items: [2, 3], max: 0, weight: 3 },
    ],
  };
  test('cost what the expected test has too few or too many', () => {
    const test = { given: [], candidates: [0, 2, 4], max_items: 1 };
    // item 0: one of two missing; item 2: both missing, one too many at 3; item 4: both missing; the criterion 0 to 1
    expectClose(
      weightedDeviations(wanted, test, Float64Array.of(1, 3, 2), 1),
      [1 + 1, 2 + 3 + 0, 2 + 0.5],
      1e-12,
    );
  });
  test('leave the criterion to decide where no constraint does', () => {
    const test = { given: [0, 1], candidates: [4, 5], max_items: 3 };
    const costs = weightedDeviations(wanted, test, Float64Array.of(0.2, 0.4), -1);
    expect(costs[0]).toBeLessThan(costs[1] ?? 0);
  });
});

describe('requests that make no sense are refused', () => {
  const bank = createDichotomousBank([[1, 0]]);
  test.each<readonly [string, () => unknown, RegExp]>([
    ['θ NaN', () => criterionValues(bank, { criterion: 'MFI', theta: Number.NaN }), /θ must be finite/],
    [
      'a candidate outside',
      () => criterionValues(bank, { criterion: 'MFI', theta: 0, candidates: [3] }),
      /no item 3/,
    ],
    [
      'a candidate twice',
      () => criterionValues(bank, { criterion: 'MEPV', theta: 0, candidates: [0, 0] }),
      /candidates must not repeat/,
    ],
    ['SE 0', () => criterionValues(bank, { criterion: 'MFI', theta: 0, se: 0 }), /standard error/],
    [
      'no width',
      () => criterionValues(bank, { criterion: 'interval', theta: 0, half_width: 0 }),
      /half_width/,
    ],
    ['half a seed', () => criterionValues(bank, { criterion: 'random', theta: 0, seed: 0.5 }), /seed/],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });
});
