import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClassResult,
  classStatistics,
  classSumsOf,
  createBank,
  expectedScore,
  type ItemAttempt,
  type ItemSums,
  itemStatistics,
  itemSumsOf,
  mergeClassSums,
  mergeItemSums,
  noClassSums,
  noItemSums,
  normalOf,
  uniformOf,
  withoutClassSums,
} from '#shared/domain/irt/index.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const attempt: fc.Arbitrary<ItemAttempt> = fc.record({
  x: fc.oneof(fc.constantFrom(0, 1), between(0, 1)),
  theta: between(-6, 6),
  milliseconds: fc.option(fc.integer({ min: 1, max: 3_600_000 }), { nil: undefined }),
  expected: between(0, 1),
  variance: between(0, 0.25),
});

const sumOf = (attempts: readonly ItemAttempt[]): ItemSums =>
  attempts.map(itemSumsOf).reduce(mergeItemSums, noItemSums);

describe('sums of an item', () => {
  test('parts that are merged in any order are the sum of all attempts, to the last digit', () => {
    const parts = fc.array(fc.array(attempt, { maxLength: 8 }), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.infiniteStream(between(0, 1)), (shards, chance) => {
        const shuffled = [...shards]
          .sort(() => chance.next().value - 0.5)
          .map((shard) => [...shard].reverse());
        const merged = shuffled.map(sumOf).reduce(mergeItemSums, noItemSums);
        expect(merged).toEqual(sumOf(shards.flat()));
      }),
    );
  });

  test('the order of a merge does not matter, and nothing is its neutral element', () => {
    fc.assert(
      fc.property(attempt, attempt, attempt, (a, b, c) => {
        const [x, y, z] = [itemSumsOf(a), itemSumsOf(b), itemSumsOf(c)];
        expect(mergeItemSums(mergeItemSums(x, y), z)).toEqual(mergeItemSums(x, mergeItemSums(z, y)));
        expect(mergeItemSums(x, noItemSums)).toEqual(x);
      }),
    );
  });

  test('every sum is a whole number, so that a table can add it', () => {
    fc.assert(
      fc.property(attempt, (one) => {
        for (const value of Object.values(itemSumsOf(one))) expect(Number.isSafeInteger(value)).toBe(true);
      }),
    );
  });

  test('what follows from them is what the attempts say', () => {
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 10, maxLength: 60 }), (attempts) => {
        const found = itemStatistics(sumOf(attempts));
        const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
        expect(found?.n).toBe(attempts.length);
        expect(found?.p).toBeCloseTo(mean(attempts.map(({ x }) => x)), 5);
        const times = attempts.flatMap(({ milliseconds }) =>
          milliseconds === undefined ? [] : [milliseconds / 1000],
        );
        if (times.length >= 10) {
          expect(found?.mean_time_s).toBeCloseTo(mean(times), 6);
          expect(Math.log(found?.typical_time_s ?? 0)).toBeCloseTo(mean(times.map(Math.log)), 5);
        } else {
          expect(found).toMatchObject({ mean_time_s: null, typical_time_s: null, log_time_sd: null });
        }
      }),
    );
  });

  test('the point-biserial correlation is Pearson’s', () => {
    const attempts = Array.from({ length: 200 }, (_, i): ItemAttempt => {
      const theta = normalOf(1, i);
      return {
        x: uniformOf(2, i) < 1 / (1 + Math.exp(-theta)) ? 1 : 0,
        theta,
        expected: 0.5,
        variance: 0.25,
      };
    });
    const means = [0, 0];
    for (const { x, theta } of attempts) {
      means[0] = (means[0] ?? 0) + x / 200;
      means[1] = (means[1] ?? 0) + theta / 200;
    }
    let [xx, xy, yy] = [0, 0, 0];
    for (const { x, theta } of attempts) {
      const [dx, dy] = [x - (means[0] ?? 0), theta - (means[1] ?? 0)];
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    expect(itemStatistics(sumOf(attempts))?.point_biserial).toBeCloseTo(xy / Math.sqrt(xx * yy), 5);
  });

  test('nine attempts are too few to be shown, ten are shown', () => {
    const one: ItemAttempt = { x: 1, theta: 0.5, milliseconds: 2000, expected: 0.5, variance: 0.25 };
    expect(itemStatistics(sumOf(new Array(9).fill(one)))).toBeNull();
    expect(itemStatistics(sumOf(new Array(10).fill(one)))).toMatchObject({
      n: 10,
      correct: 10,
      p: 1,
      mean_time_s: 2,
      // everybody was right: nothing correlates
      point_biserial: null,
    });
  });

  test('scores and θ that do not vary correlate with nothing, whatever is rounded', () => {
    fc.assert(
      fc.property(between(-5, 5), fc.integer({ min: 10, max: 500 }), (theta, n) => {
        const attempts = Array.from({ length: n }, (_, i) => ({
          x: i % 2,
          theta,
          expected: 0.5,
          variance: 0.25,
        }));
        expect(itemStatistics(sumOf(attempts))?.point_biserial).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  test('drift is about normal while the parameters hold, and far out when the item leaks', () => {
    const bank = createBank([{ model: '2PL', a: 1.2, b: 0.5 }]);
    const drift = (easier: number): number => {
      const attempts = Array.from({ length: 400 }, (_, i): ItemAttempt => {
        const theta = normalOf(7, i);
        const expected = expectedScore(bank, 0, theta);
        const x = uniformOf(8, i) < expectedScore(bank, 0, theta + easier) ? 1 : 0;
        return { x, theta, expected, variance: expected * (1 - expected) };
      });
      return itemStatistics(sumOf(attempts))?.drift ?? Number.NaN;
    };
    expect(Math.abs(drift(0))).toBeLessThan(3);
    expect(drift(1)).toBeGreaterThan(5);
    expect(drift(-1)).toBeLessThan(-5);
  });

  test.each<[string, Partial<ItemAttempt>, RegExp]>([
    ['score', { x: 1.2 }, /from 0 to 1/],
    ['time', { milliseconds: 0 }, /whole number of milliseconds/],
    ['time', { milliseconds: 1.5 }, /whole number of milliseconds/],
    ['variance', { variance: -0.1 }, /not negative/],
    ['θ', { theta: Number.NaN }, /cannot be summed/],
  ])('a %s that cannot be is refused', (_, part, message) => {
    expect(() => itemSumsOf({ x: 1, theta: 0, expected: 0.5, variance: 0.25, ...part })).toThrow(message);
  });
});

describe('sums of a class', () => {
  const result: fc.Arbitrary<ClassResult> = fc.record({ theta: between(-6, 6), score: between(0, 1000) });
  const all = (results: readonly ClassResult[]) =>
    results.map(classSumsOf).reduce(mergeClassSums, noClassSums);

  test('a merge of parts is a recomputation, and what is taken out was never in', () => {
    fc.assert(
      fc.property(fc.array(result), fc.array(result), (some, others) => {
        const whole = mergeClassSums(all(some), all(others));
        expect(whole).toEqual(all([...others, ...some]));
        expect(withoutClassSums(whole, all(others))).toEqual(all(some));
      }),
    );
  });

  test('mean and spread of θ, and the mean score', () => {
    const found = classStatistics(all([-1, 0, 2.5].map((theta, i) => ({ theta, score: 10 * i }))));
    expect(found).toMatchObject({ n: 3, mean_theta: 0.5, mean_score: 10 });
    expect(found?.theta_sd).toBeCloseTo(Math.sqrt(3.25), 9);
  });

  test('one result has no spread, none nothing', () => {
    expect(classStatistics(all([{ theta: 1, score: 5 }]))).toMatchObject({ n: 1, theta_sd: null });
    expect(classStatistics(noClassSums)).toBeNull();
  });
});
