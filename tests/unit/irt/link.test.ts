import { describe, expect, test } from 'vitest';
import {
  createBank,
  expectedScore,
  type ItemParameters,
  type LinkMethod,
  link,
  linkItem,
  linkMethods,
  linkTheta,
  unlinkTheta,
} from '#shared/domain/irt/index.ts';
import { flatten } from './direct-likelihood.ts';
import { linking } from './recorded-calibration.ts';

const { data, results } = linking();
const recorded = {
  mean_mean: 'meanMean',
  mean_sigma: 'meanSigma',
  haebara: 'haebara',
  stocking_lord: 'stockingLord',
} as const satisfies Record<LinkMethod, string>;

describe.each(linkMethods)('%s', (method) => {
  test('recovers a transformation without noise', () => {
    const { A, B } = link(data.old, data.new_exact, method);
    expect(A).toBeCloseTo(1.2, 10);
    expect(B).toBeCloseTo(-0.3, 10);
  });

  test('agrees with the reference where the items are noisy', () => {
    const expected = results.noisy[recorded[method]];
    const found = link(data.old, data.new_noisy, method);
    expect(Math.abs(found.A - expected.A)).toBeLessThan(1e-6);
    expect(Math.abs(found.B - expected.B)).toBeLessThan(1e-6);
    if (expected.criterion !== undefined) expect(found.criterion).toBeCloseTo(expected.criterion, 10);
    else expect(found.criterion).toBeNull();
  });

  test('links polytomous items of every kind', () => {
    const old: ItemParameters[] = [
      { model: 'GRM', a: 1.2, thresholds: [-1, 0.3, 1.2] },
      { model: 'GPCM', a: 0.8, thresholds: [0.4, -0.2] },
      { model: '2PL', a: 1, b: 0.1 },
    ];
    const fresh = old.map((item) => linkItem(item, { A: 1 / 0.8, B: -0.5 / 0.8 }));
    const { A, B, displacements } = link(old, fresh, method, { D: 1.702 });
    expect(A).toBeCloseTo(0.8, 9);
    expect(B).toBeCloseTo(0.5, 9);
    for (const away of displacements) expect(away).toBeCloseTo(0, 8);
  });
});

describe('the curve methods', () => {
  test('an item that has drifted is the one that is displaced most', () => {
    const drifted = data.new_exact.map((item, i) => (i === 5 ? { ...item, b: item.b + 2.5 } : item));
    for (const method of ['haebara', 'stocking_lord'] as const) {
      const away = link(data.old, drifted, method).displacements.map(Math.abs);
      expect(away.indexOf(Math.max(...away))).toBe(5);
    }
  });

  test('no other scale near the minimum is better', () => {
    const best = link(data.old, data.new_noisy, 'stocking_lord');
    const [old, fresh] = [createBank(data.old), data.new_noisy];
    const criterion = (A: number, B: number): number => {
      const moved = createBank(fresh.map((item) => linkItem(item, { A, B })));
      let [sum, mass] = [0, 0];
      for (let q = 0; q < 41; q++) {
        const theta = -4 + q / 5;
        const weight = Math.exp(-0.5 * theta * theta);
        let away = 0;
        for (let i = 0; i < old.size; i++)
          away += expectedScore(old, i, theta) - expectedScore(moved, i, theta);
        sum += weight * away * away;
        mass += weight;
      }
      return sum / mass;
    };
    expect(criterion(best.A, best.B)).toBeCloseTo(best.criterion ?? 0, 12);
    for (const [a, b] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 1e-4],
      [0, -1e-4],
    ] as const)
      expect(criterion(best.A + a, best.B + b)).toBeGreaterThan(best.criterion ?? 0);
  });
});

describe('transformed items', () => {
  const scale = { A: 1.3, B: -0.4 };

  test('answer at the transformed θ as before', () => {
    const items: ItemParameters[] = [
      { model: '1PL', b: 0.3 },
      { model: '4PL', a: 1.2, b: -0.5, c: 0.2, d: 0.95 },
      { model: 'PCM', thresholds: [0.2, -0.6] },
      { model: 'GRM', a: 1.4, thresholds: [-1, 1] },
    ];
    const before = createBank(items);
    const after = createBank(items.map((item) => linkItem(item, scale)));
    for (const theta of [-2, 0.1, 1.7])
      for (let i = 0; i < items.length; i++)
        expect(expectedScore(after, i, linkTheta(theta, scale))).toBeCloseTo(
          expectedScore(before, i, theta),
          12,
        );
  });

  test('there and back is where it was', () => {
    expect(unlinkTheta(linkTheta(0.7, scale), scale)).toBeCloseTo(0.7, 14);
    const item: ItemParameters = { model: '3PL', a: 1.2, b: 0.4, c: 0.2 };
    const back = linkItem(linkItem(item, scale), { A: 1 / scale.A, B: -scale.B / scale.A });
    flatten([back]).forEach((value, i) => {
      expect(value).toBeCloseTo(flatten([item])[i] ?? Number.NaN, 14);
    });
  });
});

describe('what cannot be linked is refused', () => {
  const [first, second] = data.old;
  const item = (b: number): ItemParameters => ({ model: '2PL', a: 1, b });
  test.each<[string, () => unknown, RegExp]>([
    ['unequal lists', () => link(data.old, data.new_exact.slice(1), 'haebara'), /12 old items but 11/],
    ['no items', () => link([], [], 'mean_mean'), /at least one item/],
    [
      'other models',
      () => link([{ model: 'GRM', a: 1, thresholds: [0] }], [item(0)], 'mean_mean'),
      /item 0 is GRM on the old scale and 2PL/,
    ],
    [
      'one difficulty',
      () => link([item(1), item(1)], [item(0), item(0)], 'mean_sigma'),
      /difficulties that vary/,
    ],
    ['a scale upside down', () => linkItem(first ?? item(0), { A: -1, B: 0 }), /A > 0/],
    [
      'no nodes',
      () =>
        link([second ?? item(0)], [second ?? item(0)], 'haebara', {
          quadrature: { nodes: 1, lower: 0, upper: 1 },
        }),
      /no 1 nodes/,
    ],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});
