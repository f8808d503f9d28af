import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  categoryProbabilities,
  createBank,
  createDichotomousBank,
  expectedScore,
  itemDerivatives,
  itemInformation,
  parametersOf,
  probability,
  testInformation,
  thetasOfMaximum,
} from '#shared/domain/irt/index.ts';
import { ability, anyItem, bankOf } from './arbitraries.ts';
import { expectClose } from './close.ts';
import { information, lsat, polytomous } from './recorded.ts';

describe('1PL to 4PL', () => {
  const { points, maxima } = information();
  test('probability, derivatives and information are the recorded ones', () => {
    const bank = createDichotomousBank(points.map(({ item }) => item));
    points.forEach((point, i) => {
      const found = itemDerivatives(bank, i, point.theta);
      const actual = [found.P[1], found.dP[1], found.d2P[1], found.I, found.dI, found.J].map(Number);
      const { P, dP, d2P, I, dI, J } = point;
      expectClose(actual, [P, dP, d2P, I, dI, J], 1e-12, JSON.stringify(point));
      expectClose(found.observed, [point.observedInfo_x0, point.observedInfo_x1], 1e-12, 'observed');
      expect(probability(bank, i, point.theta)).toBe(found.P[1]);
      expect(itemInformation(bank, i, point.theta)).toBe(found.I);
    });
  });

  test('information is highest where it was recorded', () => {
    const bank = createDichotomousBank(maxima.map(({ item }) => item));
    const peaks = thetasOfMaximum(bank);
    maxima.forEach(({ thetaMax, Imax }, i) => {
      expect(Math.abs((peaks[i] ?? 0) - thetaMax)).toBeLessThanOrEqual(2e-5);
      expect(itemInformation(bank, i, peaks[i] ?? 0)).toBeCloseTo(Imax, 9);
    });
  });

  test('an upper asymptote below 1 takes information away (jsCAT: .2402)', () => {
    const bank = createBank([{ model: '4PL', a: 1.5, b: 0, c: 0.2, d: 0.9 }]);
    expect(itemInformation(bank, 0, 2)).toBeCloseTo(0.0195, 4);
  });

  test('D belongs to the bank: 1.702 with a is 1 with 1.702 a', () => {
    const normal = createBank([{ model: '3PL', a: 1.1, b: 0.3, c: 0.2 }], { D: 1.702 });
    const logistic = createBank([{ model: '3PL', a: 1.1 * 1.702, b: 0.3, c: 0.2 }]);
    for (const theta of [-2, 0, 1.5]) {
      expect(probability(normal, 0, theta)).toBeCloseTo(probability(logistic, 0, theta), 14);
      expect(itemInformation(normal, 0, theta)).toBeCloseTo(itemInformation(logistic, 0, theta), 14);
    }
  });

  test("a test's information is the sum of its items' (mirt)", () => {
    for (const { scores, parameters } of lsat()) {
      const bank = createDichotomousBank(parameters?.a.map((a, i) => [a, parameters.b[i] ?? 0]) ?? []);
      const { theta = [], info = [] } = scores?.testinfo ?? {};
      expectClose(
        theta.map((at) => testInformation(bank, at)),
        info,
        1e-6,
      );
    }
  });
});

describe('GRM, GPCM and PCM', () => {
  const recorded = polytomous().sets;
  for (const model of ['GRM', 'GPCM'] as const) {
    const { items, catR } = recorded[model];
    const bank = createBank(
      items.map(([a, ...thresholds]) => ({
        model,
        a: a ?? Number.NaN,
        thresholds: thresholds.filter((value) => value !== null),
      })),
    );
    test(`${model}: probabilities and information are catR's`, () => {
      catR.thetas.forEach((theta, t) => {
        for (let i = 0; i < bank.size; i++) {
          const expected = (catR.probabilities[t]?.[i] ?? []).filter((value) => value !== null);
          expectClose(categoryProbabilities(bank, i, theta), expected, 1e-10);
          expect(itemInformation(bank, i, theta)).toBeCloseTo(catR.information[t]?.[i] ?? Number.NaN, 10);
        }
      });
    });
  }

  test('two categories are the 2PL, in both families', () => {
    const bank = createBank([
      { model: '2PL', a: 1.3, b: 0.4 },
      { model: 'GRM', a: 1.3, thresholds: [0.4] },
      { model: 'GPCM', a: 1.3, thresholds: [0.4] },
    ]);
    for (const theta of [-3, 0, 2]) {
      const [reference, ...others] = [0, 1, 2].map((i) => itemDerivatives(bank, i, theta));
      for (const other of others) {
        expectClose(other.P, reference?.P ?? [], 1e-14);
        expectClose(
          [other.I, other.dI, other.J],
          [reference?.I, reference?.dI, reference?.J].map(Number),
          1e-14,
        );
      }
    }
  });

  test('PCM is GPCM with a = 1', () => {
    const thresholds = [-1, 0.5, 0.2];
    const bank = createBank([
      { model: 'PCM', thresholds },
      { model: 'GPCM', a: 1, thresholds },
    ]);
    expect(categoryProbabilities(bank, 0, 0.7)).toEqual(categoryProbabilities(bank, 1, 0.7));
  });
});

describe('for every model', () => {
  const item = fc.tuple(bankOf(anyItem, 1), ability);
  test('probabilities are positive and sum to 1', () => {
    fc.assert(
      fc.property(item, ([bank, theta]) => {
        const p = categoryProbabilities(bank, 0, theta);
        expect(p.every((value) => value > 0)).toBe(true);
        expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      }),
    );
  });

  test('the expected score never falls as θ rises', () => {
    fc.assert(
      fc.property(item, ([bank, theta]) => {
        const gain = expectedScore(bank, 0, theta + 0.01) - expectedScore(bank, 0, theta);
        // at its top it rises by less than a double can show
        expect(gain).toBeGreaterThan(-1e-12);
      }),
    );
  });

  test('derivatives are those of the probabilities, by differences', () => {
    const h = 1e-4;
    fc.assert(
      fc.property(item, ([bank, theta]) => {
        const { dP, d2P, P, dI } = itemDerivatives(bank, 0, theta);
        const before = itemDerivatives(bank, 0, theta - h);
        const after = itemDerivatives(bank, 0, theta + h);
        const slopes = P.map((_, k) => ((after.P[k] ?? 0) - (before.P[k] ?? 0)) / (2 * h));
        const bends = P.map((_, k) => ((after.dP[k] ?? 0) - (before.dP[k] ?? 0)) / (2 * h));
        expectClose(dP, slopes, 1e-5, 'dP');
        expectClose(d2P, bends, 1e-4, 'd2P');
        expectClose([dI], [(after.I - before.I) / (2 * h)], 1e-3, 'dI');
      }),
    );
  });

  test('information is Σ P′²/P, and the mean of what is observed', () => {
    fc.assert(
      fc.property(item, ([bank, theta]) => {
        const { P, dP, I, observed } = itemDerivatives(bank, 0, theta);
        const sum = P.reduce((total, p, k) => total + (dP[k] ?? 0) ** 2 / p, 0);
        const mean = P.reduce((total, p, k) => total + p * (observed[k] ?? 0), 0);
        expectClose([sum, mean], [I, I], 1e-9 * Math.max(1, I));
      }),
    );
  });

  test('no item informs more anywhere than at its peak', () => {
    fc.assert(
      fc.property(item, ([bank, theta]) => {
        const [peak = 0] = thetasOfMaximum(bank);
        expect(itemInformation(bank, 0, theta)).toBeLessThanOrEqual(
          itemInformation(bank, 0, peak) * (1 + 1e-9),
        );
      }),
    );
  });

  test('far from the item nothing overflows or becomes NaN', () => {
    fc.assert(
      fc.property(bankOf(anyItem, 1), fc.constantFrom(-1e4, -400, 400, 1e4), (bank, theta) => {
        const { P, dP, d2P, logP, observed, I, dI, J } = itemDerivatives(bank, 0, theta);
        for (const values of [P, dP, d2P, logP, observed, [I, dI, J]])
          expect(Array.from(values).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('parameters come back as they were given', () => {
    fc.assert(
      fc.property(anyItem, (parameters) => {
        const back = parametersOf(createBank([parameters]), 0);
        expect(createBank([back])).toEqual(createBank([parameters]));
      }),
    );
  });
});

describe('a bank refuses what is no item', () => {
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['no items', () => createBank([]), /at least one item/],
    ['D = 0', () => createBank([{ model: '1PL', b: 0 }], { D: 0 }), /D must be positive/],
    ['a = 0', () => createBank([{ model: '2PL', a: 0, b: 0 }]), /item 0 \(2PL\): a must be positive/],
    ['b NaN', () => createBank([{ model: '1PL', b: Number.NaN }]), /b must be finite/],
    ['c = 1', () => createBank([{ model: '3PL', a: 1, b: 0, c: 1 }]), /0 <= c < d <= 1/],
    ['d < c', () => createBank([{ model: '4PL', a: 1, b: 0, c: 0.5, d: 0.4 }]), /0 <= c < d <= 1/],
    ['a row without b', () => createDichotomousBank([[1, 0], [1]]), /item 1 .*b must be finite/],
    ['no thresholds', () => createBank([{ model: 'GPCM', a: 1, thresholds: [] }]), /thresholds/],
    ['GRM out of order', () => createBank([{ model: 'GRM', a: 1, thresholds: [1, 0] }]), /rise strictly/],
    ['an item outside', () => probability(createDichotomousBank([[1, 0]]), 1, 0), /no item 1/],
    ['θ infinite', () => probability(createDichotomousBank([[1, 0]]), 0, Number.POSITIVE_INFINITY), /finite/],
  ];
  test.each(refused)('%s', (_, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });

  test('right and wrong of an item with more categories', () => {
    const bank = createBank([{ model: 'GRM', a: 1, thresholds: [0, 1] }]);
    expect(() => probability(bank, 0, 0)).toThrow(TypeError);
  });
});
