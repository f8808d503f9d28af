import { describe, expect, test } from 'vitest';
import { mergedCategories, mergedGroups, type ScoreGroup } from '#shared/domain/irt/fit/score-groups.ts';
import {
  calibrate,
  categoryProbabilities,
  createBank,
  createDichotomousBank,
  type ItemParameters,
  itemFitPredictive,
  modelFitM2,
  responsesOf,
} from '#shared/domain/irt/index.ts';
import { parametersIn, simulatedResponses } from './direct-likelihood.ts';

describe('fit where everybody answered other items', () => {
  const items: readonly ItemParameters[] = Array.from({ length: 30 }, (_, i) => ({
    model: '2PL',
    a: 1 + 0.03 * i,
    b: -1.5 + i / 10,
  }));
  const asks = (person: number, item: number): boolean =>
    (7 * person + 3 * item + ((person * item) % 5)) % 3 === 0;
  const none = new Array(30).fill(0);

  test('is χ² while the model holds', () => {
    const fits = itemFitPredictive(createBank(items), simulatedResponses(items, 1200, { seed: 41, asks }), {
      parameters: none,
    });
    const statistic = fits.reduce((sum, fit) => sum + fit.statistic, 0);
    expect(fits.every(({ df }) => df === 10)).toBe(true);
    expect(Math.abs(statistic - 300)).toBeLessThan(4 * Math.sqrt(2 * 300));
  });

  test('finds the item whose curve is another', () => {
    const odd = items.map((item, i) => (i === 12 ? { model: '3PL' as const, a: 2.5, b: 1, c: 0.35 } : item));
    const answers = simulatedResponses(odd, 1200, { seed: 42, asks });
    const [fit] = itemFitPredictive(createBank(items), answers, { items: [12] });
    expect(fit).toMatchObject({ item: 12, df: 8 });
    expect(fit?.p).toBeLessThan(1e-6);
  });

  test('foretells by the other answers alone', () => {
    const bank = createBank([items[0] ?? { model: '1PL', b: 0 }]);
    const answers = responsesOf(['1', '0'], [70, 30]);
    const [fit] = itemFitPredictive(bank, answers, { groups: 1, parameters: [0] });
    // with no other answer everybody is foretold the mean probability under N(0, 1)
    let [p, mass] = [0, 0];
    for (let theta = -6; theta <= 6; theta += 0.01) {
      const weight = Math.exp(-0.5 * theta * theta);
      p += weight * (categoryProbabilities(bank, 0, theta)[1] ?? 0);
      mass += weight;
    }
    const share = p / mass;
    expect(fit?.statistic).toBeCloseTo((70 - 100 * share) ** 2 / (100 * share * (1 - share)), 6);
  });

  test('takes fewer groups of fewer persons, and without any is no test', () => {
    const answers = simulatedResponses(items, 150, { seed: 43 });
    expect(itemFitPredictive(createBank(items), answers, { items: [3] })[0]?.df).toBe(5);
    const few = itemFitPredictive(createBank(items), simulatedResponses(items, 30, { seed: 44 }), {
      items: [3],
    });
    expect(few[0]).toMatchObject({ df: -1, p: Number.NaN });
  });
});

describe('score groups', () => {
  /** Persons of a group, half of them right, and how many of them are expected to be right. */
  const group = (persons: number, expected: number): ScoreGroup => ({
    observed: Float64Array.of(persons - Math.floor(persons / 2), Math.floor(persons / 2)),
    expected: Float64Array.of(persons - expected, expected),
  });
  const personsOf = (groups: readonly ScoreGroup[]) =>
    groups.map(({ observed }) => observed.reduce((sum, n) => sum + n, 0));

  test.each<[string, ScoreGroup[], number[]]>([
    ['full groups stay', [group(10, 5), group(20, 5), group(10, 5)], [10, 20, 10]],
    ['a sparse first group joins the second', [group(10, 0.5), group(20, 5), group(10, 5)], [30, 10]],
    ['a sparse last group joins the one before', [group(10, 5), group(20, 5), group(10, 9.5)], [10, 30]],
    [
      'one between joins the neighbour of fewer persons',
      [group(12, 5), group(20, 0.5), group(10, 5)],
      [12, 30],
    ],
    ['and of equal neighbours the lower', [group(10, 5), group(20, 0.5), group(10, 5)], [30, 10]],
    [
      'it goes on joining while it is sparse',
      [group(10, 0.2), group(10, 0.3), group(10, 0.4), group(10, 3)],
      [40],
    ],
    ['a person alone joins the next group', [group(10, 5), group(1, 0.5), group(20, 5)], [10, 21]],
    ['the last one the group before', [group(10, 5), group(20, 5), group(1, 0.5)], [10, 21]],
  ])('%s', (_, groups, expected) => {
    expect(personsOf(mergedGroups(groups, 1))).toEqual(expected);
  });

  test('nobody is lost', () => {
    const merged = mergedGroups([group(1, 0.1), group(3, 0.4), group(7, 2), group(1, 0.9)], 1);
    expect(personsOf(merged)).toEqual([12]);
    expect(merged[0]?.expected[1]).toBeCloseTo(3.4, 12);
  });

  test('sparse categories join their sparser neighbours', () => {
    const merged = mergedCategories(
      { observed: Float64Array.of(1, 2, 3, 10), expected: Float64Array.of(0.4, 3, 0.3, 12) },
      1,
    );
    // .3 joins 3, the sparser neighbour, then .4 what has become of it
    expect([...merged.expected].map((n) => Number(n.toFixed(9)))).toEqual([3.7, 12]);
    expect([...merged.observed]).toEqual([6, 10]);
  });
});

describe('M2', () => {
  test('is χ² where the model holds, for 1PL with its shared slope and for 3PL', () => {
    for (const model of ['1PL', '3PL'] as const) {
      const items = Array.from({ length: 8 }, (_, i): ItemParameters => {
        const b = -1 + i / 4;
        return model === '1PL' ? { model, a: 1.2, b } : { model, a: 1.2, b, c: 0.2 };
      });
      const answers = simulatedResponses(items, 1500, { seed: 51 });
      const priors = { c: { kind: 'logit-normal', mean: Math.log(0.25), sd: 0.2 } } as const;
      const bank = createBank(parametersIn(calibrate(answers, { model, priors })));
      const { M2, df } = modelFitM2(bank, answers);
      expect(df).toBe(36 - (model === '1PL' ? 9 : 24));
      expect(Math.abs(M2 - df)).toBeLessThan(4 * Math.sqrt(2 * df));
    }
  });

  test.each([
    ['polytomous items', createBank([{ model: 'GRM', a: 1, thresholds: [0, 1] }]), ['1'], /dichotomous/],
    [
      'too few items',
      createDichotomousBank([
        [1, 0],
        [1, 1],
      ]),
      ['01', '10'],
      /2 items are too few for 4/,
    ],
    [
      'nobody',
      createDichotomousBank([
        [1, 0],
        [1, 1],
      ]),
      ['0.', '.1'],
      /nobody answered every item/,
    ],
  ])('%s are refused', (_, bank, rows, message) => {
    expect(() => modelFitM2(bank, responsesOf(rows))).toThrow(message);
  });
});
