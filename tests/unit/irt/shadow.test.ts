import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createDichotomousBank,
  createTest,
  itemInformation,
  reduceSession,
  type ShadowRequest,
  shadowTest,
  startSession,
} from '#shared/domain/irt/index.ts';
import { shadow, simulation } from './recorded.ts';

const { items: rows } = simulation();
const bank = createDichotomousBank(rows);
const seconds = rows.map((_, i) => 30 + ((37 * i) % 90));
const constraints = [0, 1, 2, 3, 4].map((group) => ({
  items: rows.flatMap((_, i) => (i % 5 === group ? [i] : [])),
  min: 4,
  max: 8,
}));
const { enemies, cases, tolerance } = shadow();
const rules = { constraints, totals: [{ values: seconds, max: 1800 }], enemies };

/** What is broken of the rules by a whole test. */
function broken(items: readonly number[]): string[] {
  const wrong: string[] = [];
  if (new Set(items).size !== items.length) wrong.push('twice');
  for (const { items: group, min, max } of constraints) {
    const count = items.filter((item) => group.includes(item)).length;
    if (count < min || count > max) wrong.push(`${count} of a group`);
  }
  if (items.reduce((sum, item) => sum + (seconds[item] ?? 0), 0) > 1800) wrong.push('too long');
  if (enemies.some((set) => items.filter((item) => set.includes(item)).length > 1))
    wrong.push('enemies meet');
  return wrong;
}

describe('the shadow test', () => {
  test.each(cases)('at θ = $theta has the proved optimum', ({ theta, administered, optimum }) => {
    const found = shadowTest(bank, { theta, length: 30, given: administered, ...rules });
    expect(found?.optimal).toBe(true);
    expect(Math.abs((found?.information ?? 0) - optimum)).toBeLessThanOrEqual(tolerance);
    const items = found?.items ?? [];
    expect(items).toHaveLength(30);
    expect(items).toEqual(expect.arrayContaining([...administered]));
    expect(broken(items)).toEqual([]);
    const sum = items.reduce((total, item) => total + itemInformation(bank, item, theta), 0);
    expect(sum).toBeCloseTo(found?.information ?? 0, 9);
  });

  test('is the best of all tests of a small bank', () => {
    const value = fc.integer({ min: 1, max: 40 });
    const small = fc.array(fc.tuple(value, value, fc.boolean()), { minLength: 4, maxLength: 9 });
    fc.assert(
      fc.property(
        small,
        fc.integer({ min: 2, max: 4 }),
        fc.integer({ min: 20, max: 140 }),
        (items, length, most) => {
          const few = createDichotomousBank(items.map(([a, b]) => [a / 10, b / 10 - 2]));
          const times = items.map(([, , slow], i) => 10 + (slow ? 25 : 0) + i);
          const marked = items.flatMap(([, , slow], i) => (slow ? [i] : []));
          const request: ShadowRequest = {
            theta: 0,
            length,
            constraints: [{ items: marked, max: 2 }],
            totals: [{ values: times, max: most }],
            enemies: [[0, 1]],
          };
          const allowed = (test: readonly number[]) =>
            test.filter((i) => marked.includes(i)).length <= 2 &&
            test.reduce((sum, i) => sum + (times[i] ?? 0), 0) <= most &&
            !(test.includes(0) && test.includes(1));
          let best = Number.NEGATIVE_INFINITY;
          for (const test of subsets(items.length, length))
            if (allowed(test))
              best = Math.max(
                best,
                test.reduce((sum, i) => sum + itemInformation(few, i, 0), 0),
              );
          const found = shadowTest(few, request);
          expect(found === null).toBe(best === Number.NEGATIVE_INFINITY);
          if (found === null) return;
          expect(allowed(found.items)).toBe(true);
          expect(found.information).toBeCloseTo(best, 6);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('is good, and keeps every rule, where the best cannot be proved in time', () => {
    const groups = [0, 1, 2, 3, 4, 5, 6].map((g) => ({
      items: rows.flatMap((_, i) => (i % 7 === g ? [i] : [])),
      min: 3,
      max: 5,
    }));
    const topics = [0, 1, 2].map((g) => ({
      items: rows.flatMap((_, i) => ((i * 31) % 11 === g ? [i] : [])),
      min: 2,
      max: 4,
    }));
    const words = rows.map((_, i) => 50 + ((53 * i) % 200));
    const hard = {
      constraints: [...groups, ...topics],
      totals: [
        { values: seconds, max: 1600 },
        { values: words, max: 3000 },
      ],
      enemies,
    };
    // the optima took the same solver some seconds
    const optima = [
      [-2, 7.624],
      [0, 11.455],
      [1, 10.016],
    ] as const;
    for (const [theta, optimum] of optima) {
      const found = shadowTest(bank, { theta, length: 30, ...hard });
      expect(found?.optimal).toBe(false);
      expect(found?.information).toBeGreaterThan(0.98 * optimum);
      const items = found?.items ?? [];
      for (const { items: of, min, max } of hard.constraints) {
        const count = items.filter((item) => of.includes(item)).length;
        expect(count >= min && count <= max).toBe(true);
      }
      for (const { values, max } of hard.totals)
        expect(items.reduce((sum, item) => sum + (values[item] ?? 0), 0)).toBeLessThanOrEqual(max);
      for (const set of enemies)
        expect(items.filter((item) => set.includes(item)).length).toBeLessThanOrEqual(1);
    }
  });

  test('is null where no test keeps the rules', () => {
    expect(shadowTest(bank, { theta: 0, length: 30, totals: [{ values: seconds, max: 300 }] })).toBeNull();
  });

  test.each<readonly [string, Partial<ShadowRequest>, RegExp]>([
    ['a total of another bank', { totals: [{ values: [1, 2] }] }, /300 finite values/],
    ['bounds upside down', { constraints: [{ items: [1], min: 2, max: 1 }] }, /above its max/],
    ['an item outside', { given: [300] }, /no item 300/],
  ])('%s is refused', (_, wrong, message) => {
    expect(() => shadowTest(bank, { theta: 0, length: 30, ...wrong })).toThrow(message);
  });
});

test('a session by shadow tests keeps every rule at its end', () => {
  const adaptive = createTest(bank, {
    exposure: { randomesque: { size: 3 } },
    stop: { max_items: 12 },
    content: {
      enemies,
      shadow: {
        constraints: constraints.map(({ items }) => ({ items, min: 2, max: 3 })),
        totals: [{ values: seconds, max: 700 }],
      },
    },
  });
  let state = startSession(adaptive, { seed: 11 }, { now: 0 });
  while (state.pending !== null) {
    const { n, item } = state.pending;
    const action = { type: 'answer', n, item, response: n % 2, milliseconds: 0 } as const;
    ({ state } = reduceSession(adaptive, state, action, { now: 0 }));
  }
  expect(state.items).toHaveLength(12);
  for (const group of [0, 1, 2, 3, 4]) {
    const count = state.items.filter((item) => item % 5 === group).length;
    expect(count >= 2 && count <= 3).toBe(true);
  }
  expect(state.items.reduce((sum, item) => sum + (seconds[item] ?? 0), 0)).toBeLessThanOrEqual(700);
});

function* subsets(size: number, length: number, from = 0): Generator<number[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= size - length; first++)
    for (const rest of subsets(size, length - 1, first + 1)) yield [first, ...rest];
}
