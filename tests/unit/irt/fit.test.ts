import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquareUpper, normalTwoSided } from '#shared/domain/irt/fit/distributions.ts';
import { eachRestDistribution, weightedTable } from '#shared/domain/irt/fit/score-distribution.ts';
import {
  answersToAll,
  type Bank,
  categoryProbabilities,
  classicalStatistics,
  createBank,
  createDichotomousBank,
  empiricalReliability,
  estimateEap,
  type ItemParameters,
  itemFitSX2,
  itemResiduals,
  marginalReliability,
  modelFitM2,
  personFit,
  personResiduals,
  responsesOf,
} from '#shared/domain/irt/index.ts';
import { anyItem, bankOf } from './arbitraries.ts';
import { expectClose } from './close.ts';
import { simulatedResponses } from './direct-likelihood.ts';
import { scoring } from './recorded.ts';
import { lsatFits, persons } from './recorded-calibration.ts';

const bankOf2PL = ({ a, b }: { a: readonly number[]; b: readonly number[] }): Bank =>
  createDichotomousBank(a.map((slope, i) => [slope, b[i] ?? Number.NaN]));

describe.each(lsatFits())('$name: the fit that mirt reports', ({ responses, twoPL, fit }) => {
  const bank = bankOf2PL(twoPL);
  const thetas = fit.EAP.map(([theta]) => theta);

  test('S-X² of the items, with degrees of freedom and p', () => {
    const found = itemFitSX2(bank, responses);
    expectClose(
      found.map(({ statistic }) => statistic),
      fit.S_X2,
      1e-3,
      'S-X²',
    );
    expect(found.map(({ df }) => df)).toEqual(fit.S_X2_df);
    expectClose(
      found.map(({ p }) => p),
      fit.S_X2_p,
      1e-3,
      'p',
    );
    expect(found.map(({ item }) => item)).toEqual([0, 1, 2, 3, 4]);
  });

  test('infit, outfit and lz of the items at the EAP', () => {
    const found = itemResiduals(bank, responses, thetas);
    expectClose(
      found.map(({ infit }) => infit),
      fit.item_infit,
      1e-5,
      'infit',
    );
    expectClose(
      found.map(({ outfit }) => outfit),
      fit.item_outfit,
      1e-5,
      'outfit',
    );
    expectClose(
      found.map(({ lz }) => lz),
      fit.item_Zh,
      1e-5,
      'Zh',
    );
    expect(found[0]?.n).toBe(1000);
  });

  test('infit, outfit and lz of each pattern at the EAP', () => {
    const found = personResiduals(bank, responsesOf(fit.patterns), thetas);
    expectClose(
      found.map(({ infit }) => infit),
      fit.infit_at_EAP,
      1e-5,
      'infit',
    );
    expectClose(
      found.map(({ outfit }) => outfit),
      fit.outfit_at_EAP,
      1e-5,
      'outfit',
    );
    expectClose(
      found.map(({ lz }) => lz),
      fit.Zh_at_EAP,
      1e-5,
      'Zh',
    );
  });

  test('M2 of the whole test, with RMSEA, SRMSR, TLI and CFI', () => {
    const { M2, df, p, rmsea, srmsr, tli, cfi, persons: n } = modelFitM2(bank, responses);
    const mirt = fit.M2;
    expectClose(
      [M2, p, rmsea, srmsr, tli, cfi],
      [mirt.M2, mirt.p, mirt.RMSEA, mirt.SRMSR, mirt.TLI, mirt.CFI],
      1e-5,
    );
    expect({ df, n }).toEqual({ df: mirt.df, n: 1000 });
  });

  test('reliability, and classical item statistics', () => {
    const estimates = fit.EAP.map(([theta, se]) => ({ theta, se }));
    expect(marginalReliability(bank)).toBeCloseTo(fit.marginal_rxx, 6);
    expect(empiricalReliability(estimates, responses.counts)).toBeCloseTo(fit.empirical_rxx, 6);
    const { alpha, mean, sd, items } = classicalStatistics(responses);
    expectClose([alpha, mean, sd], [fit.ctt.alpha, fit.ctt.mean, fit.ctt.sd], 1e-10);
    const { itemstats } = fit.ctt;
    expectClose(
      items.map((item) => item.mean),
      itemstats.mean,
      1e-10,
    );
    expectClose(
      items.map((item) => item.sd),
      itemstats.sd,
      1e-10,
    );
    expectClose(
      items.map((item) => item.total_r),
      itemstats['total.r'],
      1e-10,
    );
    expectClose(
      items.map((item) => item.rest_r),
      itemstats['total.r_if_rm'],
      1e-10,
    );
    expectClose(
      items.map((item) => item.alpha_if_removed),
      itemstats.alpha_if_rm,
      1e-10,
    );
  });
});

describe('one person', () => {
  const bank = createDichotomousBank(scoring().sets['3PL']?.items ?? []);

  test.each(persons())(
    '$note, $estimator: lz, lz*, infit and outfit',
    ({ x, estimator, theta, ...expected }) => {
      const found = personFit(bank, answersToAll(bank, x), theta, { estimator });
      const { l0, lz, lz_star, outfit, infit } = found;
      expectClose(
        [l0, lz, lz_star ?? Number.NaN, outfit, infit],
        [expected.l0, expected.lz, expected.lzStar, expected.outfit, expected.infit],
        1e-8,
      );
    },
  );

  test('a person who misses the easy items and solves the hard ones does not fit', () => {
    const ladder = createDichotomousBank(Array.from({ length: 20 }, (_, i) => [1.5, -2.5 + i / 4]));
    const upsideDown = Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1));
    const orderly = upsideDown.map((x) => 1 - x);
    const fitOf = (x: number[]) => personFit(ladder, answersToAll(ladder, x), 0);
    expect(fitOf(upsideDown).lz_star).toBeLessThan(-5);
    expect(fitOf(upsideDown).outfit).toBeGreaterThan(5);
    expect(fitOf(orderly).lz_star).toBeGreaterThan(1);
    expect(fitOf(orderly).outfit).toBeLessThan(0.5);
  });

  test('polytomous items have lz, and no lz*', () => {
    const items: ItemParameters[] = [
      { model: 'GRM', a: 1.5, thresholds: [-1, 0, 1] },
      { model: 'GPCM', a: 1, thresholds: [0.5, -0.5] },
    ];
    const graded = createBank(items);
    const { l0, lz, lz_star } = personFit(graded, answersToAll(graded, [2, 1]), 0.3);
    const [first, second] = [categoryProbabilities(graded, 0, 0.3), categoryProbabilities(graded, 1, 0.3)];
    expect(l0).toBeCloseTo(Math.log((first[2] ?? 0) * (second[1] ?? 0)), 12);
    expect(Number.isFinite(lz)).toBe(true);
    expect(lz_star).toBeNull();
  });

  test.each([
    ['no responses', { items: [], responses: [] }, 0, /at least one response/],
    ['a θ without end', { items: [0], responses: [1] }, Number.POSITIVE_INFINITY, /θ must be finite/],
  ])('%s is refused', (_, answers, theta, message) => {
    expect(() => personFit(bank, answers, theta)).toThrow(message);
  });
});

describe('S-X²', () => {
  const items: readonly ItemParameters[] = Array.from({ length: 10 }, (_, i) => ({
    model: '2PL',
    a: 1 + 0.1 * i,
    b: -1.5 + i / 3,
  }));

  test('finds the item whose curve is another', () => {
    const odd = items.map((item, i) => (i === 4 ? { model: '3PL' as const, a: 2.5, b: 1.2, c: 0.35 } : item));
    const fits = itemFitSX2(createBank(items), simulatedResponses(odd, 1000, { seed: 8 }));
    expect(fits[4]?.p).toBeLessThan(1e-6);
  });

  test('is small where the model holds, for polytomous items too', () => {
    const polytomous: ItemParameters[] = Array.from({ length: 8 }, (_, i) => ({
      model: i % 2 === 0 ? 'GRM' : 'GPCM',
      a: 1.2,
      thresholds: [-1 + i / 8, 0.2, 1 + i / 8],
    }));
    const fits = itemFitSX2(createBank(polytomous), simulatedResponses(polytomous, 1000, { seed: 9 }), {
      parameters: new Array(8).fill(0),
    });
    const [statistic, df] = fits.reduce(([x, n], fit) => [x + fit.statistic, n + fit.df], [0, 0]);
    // the sum of the statistics is nearly χ² with the sum of their degrees
    expect(df).toBeGreaterThan(150);
    expect(Math.abs(statistic - df)).toBeLessThan(4 * Math.sqrt(2 * df));
  });

  test('counts only persons who answered everything', () => {
    const whole = simulatedResponses(items, 300, { seed: 10 });
    const rows = Array.from({ length: 300 }, (_, r) => Array.from(whole.data.subarray(10 * r, 10 * r + 10)));
    const one = itemFitSX2(createBank(items), whole);
    const other = itemFitSX2(createBank(items), responsesOf([...rows, [1, ...new Array(9).fill(null)]]));
    expect(other).toEqual(one);
  });

  test('without degrees of freedom there is no p', () => {
    const [fit] = itemFitSX2(
      createDichotomousBank([
        [1, 0],
        [1, 0],
      ]),
      responsesOf(['01', '10', '11', '00']),
    );
    expect(fit).toMatchObject({ df: -1, p: Number.NaN });
  });

  test('responses of another bank are refused', () => {
    expect(() => itemFitSX2(createBank(items), responsesOf(['01']))).toThrow(/2 responses a row/);
    expect(() => itemFitSX2(createDichotomousBank([[1, 0]]), responsesOf([[2]]))).toThrow(
      /2 is none of its categories/,
    );
  });

  test('the distribution of the other items’ score is that of all their patterns', () => {
    fc.assert(
      fc.property(bankOf(anyItem, 5), (bank) => {
        const { table } = weightedTable(bank, {});
        const node = 37;
        const theta = table.grid.nodes[node] ?? 0;
        eachRestDistribution(table, (left, rest) => {
          const expected = new Map<number, number>([[0, 1]]);
          for (let i = 0; i < bank.size; i++) {
            if (i === left) continue;
            const before = [...expected];
            expected.clear();
            for (const [score, p] of before)
              categoryProbabilities(bank, i, theta).forEach((q, k) => {
                expected.set(score + k, (expected.get(score + k) ?? 0) + p * q);
              });
          }
          const found = rest.map((likelihood) => likelihood[node] ?? Number.NaN);
          expectClose(
            found,
            [...expected].sort(([a], [b]) => a - b).map(([, p]) => p),
            1e-12,
          );
        });
      }),
      { numRuns: 40 },
    );
  });
});

test('item analysis needs persons and items', () => {
  expect(() => classicalStatistics(responsesOf(['01', '1.']))).toThrow(/two persons/);
  expect(() => classicalStatistics(responsesOf(['0', '1']))).toThrow(/two items/);
  expect(() => empiricalReliability([{ theta: 0, se: 1 }])).toThrow(/two persons/);
});

test('residuals of a bank are refused without a θ for each row', () => {
  const bank = createDichotomousBank([[1, 0]]);
  const { theta } = estimateEap(bank, answersToAll(bank, [1]));
  expect(() => itemResiduals(bank, responsesOf(['1', '0']), [theta])).toThrow(/2 rows have 1 θ/);
});

describe('tails of distributions, against tables', () => {
  test.each([
    [3.841458820694124, 1, 0.05],
    [6.634896601021213, 1, 0.01],
    [18.307038053275146, 10, 0.05],
    [124.34211340400407, 100, 0.05],
    [0.0157907740934312, 1, 0.9],
    [1000, 2, Math.exp(-500)],
    [0, 3, 1],
  ])('P(χ² > %d) with %d degrees', (x, df, p) => {
    expect(chiSquareUpper(x, df) / p).toBeCloseTo(1, 10);
  });

  test('two normal tails', () => {
    expect(normalTwoSided(-1.959963984540054)).toBeCloseTo(0.05, 14);
    expect(normalTwoSided(0)).toBe(1);
  });

  test('χ² without degrees of freedom is refused', () => {
    expect(() => chiSquareUpper(1, 0)).toThrow(/no 0 degrees/);
  });
});
