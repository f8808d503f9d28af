import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  aliasOf,
  bandOfRank,
  modes,
  placesShown,
  ranksOf,
  showsMore,
} from '#shared/domain/results/places.ts';

test('equal averages share a rank, and the next counts on', () => {
  expect(ranksOf([3, 2, 2, 1, 1, 1, 0])).toEqual([1, 2, 2, 4, 4, 4, 7]);
  expect(ranksOf([])).toEqual([]);
});

test('a rank is one more than the number of those who are better', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (averages) => {
      const sorted = averages.toSorted((a, b) => b - a);
      const better = sorted.map((one) => sorted.filter((other) => other > one).length + 1);
      expect(ranksOf(sorted)).toEqual(better);
    }),
  );
});

test('bands are shares of the class, and the lower half has none', () => {
  expect([1, 2, 3, 5, 6, 10, 11, 20].map((rank) => bandOfRank(rank, 20))).toEqual([
    'top_10',
    'top_10',
    'top_25',
    'top_25',
    'top_50',
    'top_50',
    null,
    null,
  ]);
});

test('of a few nothing is said', () => {
  for (let ranked = 1; ranked < 5; ranked++) {
    expect(bandOfRank(1, ranked)).toBeNull();
    for (const mode of modes) expect(placesShown(mode, ranked)).toBe(0);
  }
});

test('no mode shows a place of the lower half, and a more open one shows no fewer', () => {
  for (let ranked = 5; ranked < 200; ranked++) {
    for (const mode of modes) expect(placesShown(mode, ranked)).toBeLessThanOrEqual(Math.ceil(ranked / 2));
    expect(placesShown('named', ranked)).toBeGreaterThanOrEqual(placesShown('anonymous', ranked));
  }
  expect(showsMore('named', 'top') && showsMore('top', 'anonymous') && !showsMore('top', 'top')).toBe(true);
});

test('each of the first three places has an alias of its own', () => {
  expect(new Set([0, 1, 2].map(aliasOf)).size).toBe(3);
  expect(aliasOf(3)).toBeNull();
});
