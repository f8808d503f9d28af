import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answersToAll,
  type Bank,
  createBank,
  createDichotomousBank,
  type EstimateOptions,
  estimate,
  estimateEap,
  estimateEapSum,
  estimateJeffreys,
  estimateMap,
  estimateMle,
  estimateWle,
  estimatorNames,
  itemDerivatives,
  itemInformation,
  sumScoreTable,
  testInformation,
} from '#shared/domain/irt/index.ts';
import { answered, anyItem, dichotomousItem } from './arbitraries.ts';
import { expectClose } from './close.ts';
import { lsat, misc, polytomous, scoring } from './recorded.ts';

const eap33 = { quadrature: { nodes: 33, lower: -4, upper: 4 } };
const eap61 = { quadrature: { nodes: 61, lower: -6, upper: 6 } };

function logLikelihood(bank: Bank, responses: readonly number[], theta: number): number {
  return responses.reduce(
    (sum, response, i) => sum + (itemDerivatives(bank, i, theta).logP[response] ?? Number.NaN),
    0,
  );
}

describe('recorded patterns', () => {
  for (const [name, { items, vectors }] of Object.entries(scoring().sets)) {
    const bank = createDichotomousBank(items);
    for (const { note, x, expected, catR, loglikAtMLE } of vectors) {
      test(`${name}, ${note}`, () => {
        const answers = answersToAll(bank, x);
        const close = (
          estimator: typeof estimateMle,
          [theta, se]: readonly [number, number],
          reference: readonly [number, number],
          tolerance: number,
          options?: EstimateOptions,
        ) => {
          const found = estimator(bank, answers, options);
          expectClose([found.theta, found.se], [theta, se], tolerance, estimator.name);
          expectClose([found.theta], [reference[0]], 1e-4, `${estimator.name} of catR`);
        };
        close(estimateMle, expected.MLE, catR.ML, 1e-8);
        close(estimateMap, expected.MAP, catR.BM, 1e-8);
        close(estimateWle, expected.WLE, catR.WL, 1e-8);
        close(estimateEap, expected.EAP_m4_4_33, catR.EAP33, 1e-10, eap33);
        close(estimateEap, expected.EAP_m6_6_61, catR.EAP61, 1e-10, eap61);
        const jeffreys = estimateJeffreys(bank, answers);
        expectClose([jeffreys.theta], [expected.JeffreysModal[0]], 1e-8, 'Jeffreys');
        const top = estimateMle(bank, answers);
        expect(logLikelihood(bank, x, top.theta)).toBeCloseTo(loglikAtMLE, 9);
      });
    }
  }

  for (const model of ['GRM', 'GPCM'] as const) {
    test(`${model} patterns are scored as by catR`, () => {
      const { items, vectors, catR } = polytomous().sets[model];
      const bank = createBank(
        items.map(([a, ...thresholds]) => ({
          model,
          a: a ?? Number.NaN,
          thresholds: thresholds.filter((value) => value !== null),
        })),
      );
      vectors.forEach((x, v) => {
        const answers = answersToAll(bank, x);
        const scores = catR.scores[v];
        const pairOf = ({ theta, se }: { theta: number; se: number }) => [theta, se];
        expectClose(pairOf(estimateEap(bank, answers, eap33)), scores?.EAP33 ?? [], 1e-10, 'EAP');
        expectClose(pairOf(estimateMap(bank, answers)), scores?.BM ?? [], 1e-4, 'MAP');
        expectClose(pairOf(estimateMle(bank, answers)), scores?.ML ?? [], 1e-4, 'MLE');
        expectClose(pairOf(estimateWle(bank, answers)), scores?.WL ?? [], 1e-4, 'WLE');
      });
    });
  }

  for (const { name, scores, parameters } of lsat()) {
    test(`${name}: patterns and sum scores are scored as by mirt`, () => {
      const bank = createDichotomousBank(parameters?.a.map((a, i) => [a, parameters.b[i] ?? 0]) ?? []);
      const wide = { quadrature: { nodes: 121, lower: -6, upper: 6 } };
      scores?.patterns.forEach((pattern, i) => {
        const answers = answersToAll(bank, Array.from(pattern, Number));
        expectClose([estimateEap(bank, answers, wide).theta], [scores.EAP[i]?.[0] ?? 0], 2e-5, 'EAP');
        expectClose([estimateMap(bank, answers).theta], [scores.MAP[i]?.[0] ?? 0], 2e-5, 'MAP');
        expectClose([estimateWle(bank, answers).theta], [scores.WLE[i]?.[0] ?? 0], 2e-5, 'WLE');
      });
      const table = sumScoreTable(bank, wide);
      const expected = scores?.EAPsum;
      const persons = expected?.observed.reduce((sum, count) => sum + count, 0) ?? 0;
      expectClose(
        table.map(({ score }) => score),
        expected?.['Sum.Scores'] ?? [],
        0,
      );
      expectClose(
        table.map(({ theta }) => theta),
        expected?.F1 ?? [],
        2e-5,
      );
      expectClose(
        table.map(({ se }) => se),
        expected?.SE_F1 ?? [],
        2e-5,
      );
      expectClose(
        table.map(({ probability }) => persons * probability),
        expected?.expected ?? [],
        1e-3,
      );
    });
  }

  test("Baker's three items", () => {
    const { items, x, MLE } = misc().baker;
    const bank = createDichotomousBank(items);
    const { theta, se } = estimateMle(bank, answersToAll(bank, x));
    expectClose([theta, se], MLE, 1e-8);
  });

  test("jsCAT's own test numbers, exactly", () => {
    const [first, second, third] = misc().jsCATtests;
    for (const { items, x, exact } of [first, second].filter((one) => one !== undefined)) {
      const bank = createDichotomousBank(items);
      const { theta, se } = estimateMle(bank, answersToAll(bank, x));
      expectClose([theta, se], exact ?? [], 1e-8);
    }
    const bank = createDichotomousBank(third?.items ?? []);
    const wide = { quadrature: { nodes: 121, lower: -6, upper: 6 } };
    const { theta, se } = estimateEap(bank, answersToAll(bank, third?.x ?? []), wide);
    expectClose([theta, se], third?.exactEAP_m6_6_121 ?? [], 1e-8);
    // jsCAT says 3.01, which is not the posterior's standard deviation
    expect(se).toBeCloseTo(0.8956, 4);
  });
});

describe('what others get wrong', () => {
  test('wrong answers lower θ even when every item is hard (catsim 31)', () => {
    const bank = createDichotomousBank([
      [1.2, 2],
      [1, 2.5],
      [1.5, 3],
    ]);
    let before = estimateEap(bank, { items: [], responses: [] }).theta;
    for (let n = 1; n <= 3; n++) {
      const answers = { items: [0, 1, 2].slice(0, n), responses: [0, 0, 0].slice(0, n) };
      const { theta } = estimateEap(bank, answers);
      expect(theta).toBeLessThan(before);
      expect(estimateMap(bank, answers).theta).toBeLessThan(0);
      expect(estimateMle(bank, answers).theta).toBe(-6);
      before = theta;
    }
  });

  test('of several maxima under 3PL the highest is found, be it a bound', () => {
    // wrong on an easy item, right on a harder one: a peak where only the harder is known, and a higher plateau below
    const bank = createDichotomousBank([
      [1.2, -1.2, 0.25],
      [4, 0, 0.25],
    ]);
    const x = [0, 1];
    const at = (theta: number) => logLikelihood(bank, x, theta);
    const inside = Array.from({ length: 200 }, (_, k) => k / 100 - 1).filter(
      (theta) => at(theta) > at(theta - 0.01) && at(theta) > at(theta + 0.01),
    );
    expect(inside).toHaveLength(1);
    expect(at(inside[0] ?? 0)).toBeLessThan(at(-6));
    expect(estimateMle(bank, answersToAll(bank, x))).toMatchObject({ theta: -6, at_bound: true });
    // with hardly any guessing the peak inside is the higher one
    const other = createDichotomousBank([
      [1.2, -1.2, 0],
      [4, 0, 0.05],
    ]);
    expect(estimateMle(other, answersToAll(other, x))).toMatchObject({ at_bound: false });
  });

  test("WLE is Warm's estimator, not Jeffreys' mode, under 3PL", () => {
    for (const { items, x, Warm, Jeffreys } of misc().warmIsNotJeffreysUnder3PL) {
      const bank = createDichotomousBank(items);
      const answers = answersToAll(bank, x);
      expectClose([estimateWle(bank, answers).theta], [Warm], 1e-8);
      expectClose([estimateJeffreys(bank, answers).theta], [Jeffreys], 1e-8);
    }
  });
});

const difficulty = fc.double({ min: -3, max: 3, noNaN: true });

/** Under 2PL a pattern whose posterior by Jeffreys' prior has maxima at 0.770 and, hardly lower, 0.998. */
const twoNearlyAsHigh: [a: number, b: number, right: boolean][] = [
  [0.9429770614486188, 1.2028233613818884, false],
  [3.2860060124192385, 1.7320521036162972, true],
  [0.5220898771192879, 2.721831802278757, false],
  [2.0485479426104574, -0.05524481926113367, false],
  [2.3168135992716996, -0.27093671075999737, true],
  [1.043965026224032, -2.813041049055755, false],
  [1.9321141531225294, -1.96213960647583, true],
];

/** Whether items of difficulty −b with the other response are the same items and responses. */
function isItsOwnMirror(rows: readonly (readonly [a: number, b: number, right: boolean])[]): boolean {
  const sorted = (mirrored: boolean) =>
    rows.map(([a, b, right]) => `${a} ${(mirrored ? -b : b) + 0} ${right !== mirrored}`).sort();
  return sorted(false).join() === sorted(true).join();
}

describe('for every bank and pattern', () => {
  test('no θ within the bounds is more likely than the MLE', () => {
    fc.assert(
      fc.property(answered(dichotomousItem, 8), ({ bank, responses }) => {
        const { theta } = estimateMle(bank, answersToAll(bank, responses));
        const top = logLikelihood(bank, responses, theta);
        for (let at = -6; at <= 6; at += 0.05)
          expect(logLikelihood(bank, responses, at)).toBeLessThanOrEqual(top + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('θ lies within its bounds and SE is finite and positive', () => {
    fc.assert(
      fc.property(answered(anyItem, 8), ({ bank, responses }) => {
        for (const method of estimatorNames) {
          const { theta, se } = estimate(bank, answersToAll(bank, responses), { method });
          expect(Math.abs(theta)).toBeLessThanOrEqual(6);
          expect(se > 0 && Number.isFinite(se)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('mirrored items and responses give the mirrored θ', () => {
    const items = fc.array(fc.tuple(fc.double({ min: 0.3, max: 3, noNaN: true }), difficulty, fc.boolean()), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(items, (rows) => {
        const bank = createDichotomousBank(rows.map(([a, b]) => [a, b]));
        const mirror = createDichotomousBank(rows.map(([a, b]) => [a, -b]));
        for (const method of estimatorNames) {
          const there = estimate(
            bank,
            answersToAll(
              bank,
              rows.map(([, , right]) => Number(right)),
            ),
            { method },
          );
          const back = estimate(
            mirror,
            answersToAll(
              mirror,
              rows.map(([, , right]) => Number(!right)),
            ),
            { method },
          );
          // a pattern that is its own mirror may have two equally high maxima, of which the lower is taken
          const sign = there.theta < -1e-7 && isItsOwnMirror(rows) ? 1 : -1;
          expectClose([there.theta, there.se], [sign * back.theta, back.se], 1e-7, method);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("WLE is Jeffreys' mode under 2PL, whichever of several maxima that is", () => {
    const steepItems = fc.array(
      fc.tuple(fc.double({ min: 1, max: 4, noNaN: true }), difficulty, fc.boolean()),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(steepItems, (rows) => {
        const bank = createDichotomousBank(rows.map(([a, b]) => [a, b]));
        const answers = answersToAll(
          bank,
          rows.map(([, , right]) => Number(right)),
        );
        expectClose([estimateWle(bank, answers).theta], [estimateJeffreys(bank, answers).theta], 1e-7);
      }),
      { numRuns: 200, examples: [[twoNearlyAsHigh]] },
    );
  });

  test('of equally high maxima the nearest to 0 is the estimate, of two as near the lower', () => {
    const steep = (b: number, c: number) =>
      createDichotomousBank([
        [3, b],
        [3, c],
      ]);
    for (const [b, c] of [
      [0, 3],
      [-3, 0],
      [0.123, 2.9],
      [-2.9, -0.123],
    ] as const) {
      const bank = steep(b, c);
      const { theta } = estimateWle(bank, answersToAll(bank, [1, 0]));
      const other = b + c - theta;
      expect(Math.abs(other - theta)).toBeGreaterThan(2);
      expect(Math.abs(theta)).toBeLessThan(Math.abs(other));
    }
    const centred = steep(-3, 3);
    expect(estimateWle(centred, answersToAll(centred, [1, 0])).theta).toBeLessThan(-2);
    expect(estimateJeffreys(centred, answersToAll(centred, [1, 0])).theta).toBeLessThan(-2);
  });

  const higherBy = (item: typeof anyItem, method: 'EAP' | 'EAPsum') => {
    const raised = answered(item, 6).filter(({ bank, responses }) =>
      responses.some((response, i) => response < (bank.categories[i] ?? 2) - 1),
    );
    fc.assert(
      fc.property(raised, ({ bank, responses }) => {
        const i = responses.findIndex((response, k) => response < (bank.categories[k] ?? 2) - 1);
        const higher = responses.map((response, k) => (k === i ? response + 1 : response));
        const before = estimate(bank, answersToAll(bank, responses), { method }).theta;
        const after = estimate(bank, answersToAll(bank, higher), { method }).theta;
        expect(after).toBeGreaterThanOrEqual(before - 1e-9);
      }),
      { numRuns: 60 },
    );
  };
  test('one more category never lowers the EAP', () => higherBy(anyItem, 'EAP'));
  // of polytomous items of very different slopes a higher sum may well mean a lower θ
  test('one more right answer never lowers the EAP of the sum score', () =>
    higherBy(dichotomousItem, 'EAPsum'));

  test('without answers EAP, MAP and EAPsum are the prior; MLE and WLE refuse', () => {
    const bank = createDichotomousBank([
      [1, 0],
      [1, 1],
    ]);
    const none = { items: [], responses: [] };
    const prior = { mean: 0.5, sd: 0.8 };
    for (const method of ['EAP', 'MAP', 'EAPsum'] as const) {
      const { theta, se } = estimate(bank, none, { method, prior });
      expectClose([theta, se], [0.5, 0.8], 1e-6, method);
    }
    for (const method of ['MLE', 'WLE'] as const)
      expect(() => estimate(bank, none, { method })).toThrow(/at least one answer/);
  });

  test('a thousand answers do not underflow', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [1 + (i % 7) / 5, (i % 41) / 10 - 2, 0.2]);
    const bank = createDichotomousBank(rows);
    const x = rows.map(([, b = 0], i) => ((i * 7919) % 10 < (b < 0 ? 8 : 4) ? 1 : 0));
    const { theta, se } = estimateEap(bank, answersToAll(bank, x), { quadrature: { nodes: 241 } });
    const map = estimateMap(bank, answersToAll(bank, x));
    expect(theta).toBeCloseTo(map.theta, 2);
    expect(se).toBeCloseTo(1 / Math.sqrt(testInformation(bank, theta)), 2);
  });

  test('contradictions on items of extreme slopes have an estimate', () => {
    const bank = createDichotomousBank([
      [400, -2],
      [400, 2],
      [400, -3],
      [400, 3],
    ]);
    for (const method of estimatorNames) {
      const { theta, se } = estimate(bank, answersToAll(bank, [0, 1, 0, 1]), { method });
      expect(Number.isFinite(theta), method).toBe(true);
      expect(se > 0 && se <= 1e6, method).toBe(true);
    }
  });

  test('a narrow prior rules, a wide one leaves the maximum to the likelihood', () => {
    const bank = createDichotomousBank([
      [1.5, -0.5],
      [1, 0.3],
      [2, 0.8],
      [0.7, 1],
    ]);
    const answers = answersToAll(bank, [1, 1, 0, 0]);
    expect(estimateMap(bank, answers, { prior: { mean: 1, sd: 0.001 } }).theta).toBeCloseTo(1, 4);
    const wide = estimateMap(bank, answers, { prior: { sd: 1e4 } });
    const mle = estimateMle(bank, answers);
    expectClose([wide.theta, wide.se], [mle.theta, mle.se], 1e-6);
    expect(mle.se).toBeCloseTo(
      1 / Math.sqrt([0, 1, 2, 3].reduce((sum, i) => sum + itemInformation(bank, i, mle.theta), 0)),
      12,
    );
  });
});

describe('answers and options that make no sense are refused', () => {
  const bank = createDichotomousBank([
    [1, 0],
    [1, 1],
  ]);
  const right = { items: [0], responses: [1] };
  test.each<readonly [string, () => unknown, RegExp]>([
    ['an item that is not there', () => estimateEap(bank, { items: [2], responses: [1] }), /no item 2/],
    [
      'a category that is not there',
      () => estimateEap(bank, { items: [0], responses: [2] }),
      /response 2 to item 0/,
    ],
    [
      'a response that is no number',
      () => estimateMle(bank, { items: [0], responses: [Number.NaN] }),
      /response NaN/,
    ],
    ['an item twice', () => estimateWle(bank, { items: [0, 0], responses: [1, 0] }), /answered twice/],
    [
      'a response too few',
      () => estimateMap(bank, { items: [0, 1], responses: [1] }),
      /2 items but 1 responses/,
    ],
    ['a prior without width', () => estimateMap(bank, right, { prior: { sd: 0 } }), /sd must be positive/],
    ['bounds upside down', () => estimateMle(bank, right, { bounds: [1, -1] }), /bounds/],
    ['one node', () => estimateEap(bank, right, { quadrature: { nodes: 1 } }), /2 to 1001 nodes/],
    ['a prior outside the nodes', () => estimateEap(bank, right, { prior: { mean: 9 } }), /outside the quad/],
    ['a prior between nodes', () => estimateEap(bank, right, { prior: { sd: 0.05 } }), /closer than 0.25/],
    ['a sum score of a wrong item', () => estimateEapSum(bank, { items: [5], responses: [1] }), /no item 5/],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });
});
