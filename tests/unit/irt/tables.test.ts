import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bytes, copyOf, doubles, integers } from '#shared/domain/irt/arrays.ts';
import { type Bank, createDichotomousBank, uniformOf } from '#shared/domain/irt/index.ts';
import { logisticItemsOf } from '#shared/domain/irt/tables/logistic-items.ts';
import { RowTable } from '#shared/domain/irt/tables/row-table.ts';
import { ability, bankOf, dichotomousItem } from './arbitraries.ts';
import { expectClose } from './close.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const number = fc.double({ min: -3, max: 3, noNaN: true });
const numbers = (length: number) => fc.array(number, { minLength: length, maxLength: length });

/** A filled table of items with one to five rows, some of the items in any order, and three masses at each node. */
const tables = fc
  .record({
    rows: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 9 }),
    nodes: fc.integer({ min: 2, max: 9 }),
  })
  .chain(({ rows, nodes }) =>
    fc.record({
      rows: fc.constant(rows),
      nodes: fc.constant(nodes),
      values: numbers(nodes * rows.reduce((sum, count) => sum + count, 0)),
      masses: fc.tuple(numbers(nodes), numbers(nodes), numbers(nodes)),
      items: fc.shuffledSubarray([...rows.keys()]),
      from: fc.constantFrom(0 as const, 1 as const),
    }),
  );

function firstOf(rows: readonly number[]): Int32Array {
  const first = new Int32Array(rows.length + 1);
  rows.forEach((count, i) => {
    first[i + 1] = (first[i] ?? 0) + count;
  });
  return first;
}

describe('a table of rows', () => {
  test('sums every wanted row over the nodes, with one mass or three', () => {
    fc.assert(
      fc.property(tables, ({ rows, nodes, values, masses, items, from }) => {
        const first = firstOf(rows);
        const table = new RowTable(first, nodes);
        table.values.set(values);
        const wanted = items.flatMap((item) =>
          Array.from({ length: (rows[item] ?? 0) - from }, (_, k) => (first[item] ?? 0) + from + k),
        );
        const sumOf = (row: number, mass: readonly number[]) =>
          mass.reduce((sum, m, q) => sum + m * (values[row * nodes + q] ?? 0), 0);
        const [mass, ...others] = masses;
        const sums = table.dot(Int32Array.from(items), from, Float64Array.from(mass));
        expectClose(
          sums.slice(0, wanted.length),
          wanted.map((row) => sumOf(row, mass)),
          1e-13,
        );
        const [one, two, three] = [mass, ...others].map((m) => Float64Array.from(m));
        if (one === undefined || two === undefined || three === undefined) throw new Error('three masses');
        const moments = table.moments(Int32Array.from(items), from, { mass: one, first: two, second: three });
        expectClose(
          moments.slice(0, 3 * wanted.length),
          wanted.flatMap((row) => masses.map((m) => sumOf(row, m))),
          1e-13,
        );
        expect([...table.values]).toEqual(values);
      }),
    );
  });

  test('multiplies by one row of each item, up to a constant that keeps long tests from underflow', () => {
    const answered = fc
      .record({
        rows: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 }),
        nodes: fc.integer({ min: 2, max: 9 }),
        smallest: fc.constantFrom(1e-40, 1e-3, 0.5),
        seed: fc.nat(),
      })
      .chain((bank) =>
        fc.record({
          ...recordOf(bank),
          items: fc.shuffledSubarray([...bank.rows.keys()]),
          categories: fc.array(fc.nat(), { minLength: bank.rows.length, maxLength: bank.rows.length }),
        }),
      );
    fc.assert(
      fc.property(answered, ({ rows, nodes, smallest, seed, items, categories }) => {
        const first = firstOf(rows);
        const table = new RowTable(first, nodes);
        table.values.forEach((_, i) => {
          table.values[i] = smallest + (1 - smallest) * uniformOf(seed, i) ** 3;
        });
        const taken = items.map((item, k) => (categories[k] ?? 0) % (rows[item] ?? 1));
        const values = Float64Array.from({ length: nodes }, (_, q) => 1 + q);
        const product = table.multiply(values, { items, rows: taken });
        const logs = Array.from({ length: nodes }, (_, q) =>
          items.reduce(
            (sum, item, k) => {
              const row = (first[item] ?? 0) + (taken[k] ?? 0);
              return sum + Math.log(table.values[row * nodes + q] ?? 0);
            },
            Math.log(1 + q),
          ),
        );
        const highest = Math.max(...logs);
        const most = Math.max(...product);
        expect(product).toHaveLength(nodes);
        expect(most).toBeGreaterThan(0);
        expectClose(
          [...product].map((value) => value / most),
          logs.map((log) => Math.exp(log - highest)),
          1e-11,
        );
        expect([...values]).toEqual(Array.from({ length: nodes }, (_, q) => 1 + q));
      }),
    );
  });

  test('a row has the same sum, to the last bit, whatever rows are summed beside it', () => {
    const table = new RowTable(firstOf(Array.from({ length: 11 }, () => 2)), 41);
    table.values.forEach((_, i) => {
      table.values[i] = Math.sin(i);
    });
    const masses = Float64Array.from({ length: 41 }, (_, q) => Math.cos(q));
    const whole = table
      .dot(
        Int32Array.from({ length: 11 }, (_, i) => i),
        0,
        masses,
      )
      .slice(0, 22);
    for (let item = 0; item < 11; item++) {
      const alone = table.dot(Int32Array.of(item), 0, masses);
      expect([...alone.subarray(0, 2)]).toEqual([...whole.subarray(2 * item, 2 * item + 2)]);
    }
  });

  test('one beyond 4 GiB is refused before memory is taken', () => {
    expect(() => new RowTable(Int32Array.of(0, 2 ** 20), 1001)).toThrow(
      new RangeError('the curves of a bank need more than 4 GiB: take fewer nodes'),
    );
  });
});

/** Wrong and right, and information, straight from the model. */
function directly({ slope, b, c, d }: Bank, item: number, theta: number) {
  const [a, lower, upper] = [slope[item] ?? 0, c[item] ?? 0, d[item] ?? 1];
  const e = Math.exp(-a * (theta - (b[item] ?? 0)));
  const right = lower + (upper - lower) / (1 + e);
  const wrong = 1 - upper + ((upper - lower) * e) / (1 + e);
  const rise = (a * (upper - lower) * e) / (1 + e) ** 2;
  return { shares: [wrong, right] as const, information: rise ** 2 / (right * wrong) };
}

const relativelyClose = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number) => {
  expectClose(
    expected.map((value, i) => (actual[i] ?? Number.NaN) / value),
    expected.map(() => 1),
    tolerance,
  );
};

/** A bank, some of its items in any order, and an ability. */
const choices = bankOf(dichotomousItem).chain((bank) =>
  fc.record({ bank: fc.constant(bank), items: fc.shuffledSubarray([...bank.b.keys()]), theta: ability }),
);

describe('logistic items by kernels', () => {
  test('have the shares and the information of the model', () => {
    fc.assert(
      fc.property(choices, ({ bank, items, theta }) => {
        const kernels = logisticItemsOf(bank);
        const direct = items.map((item) => directly(bank, item, theta));
        const shares = kernels.shares(Int32Array.from(items), theta).slice();
        relativelyClose(
          shares,
          direct.flatMap((item) => item.shares),
          4e-14,
        );
        const information = kernels.information(Int32Array.from(items), theta);
        relativelyClose(
          information,
          direct.map((item) => item.information),
          4e-14,
        );
      }),
    );
  });

  test('have their divergences and expected variances', () => {
    const choice = choices.chain((chosen) =>
      fc.record({ ...recordOf(chosen), sums: numbers(3 * chosen.items.length), mass: number }),
    );
    fc.assert(
      fc.property(choice, ({ bank, items, theta, sums, mass }) => {
        const kernels = logisticItemsOf(bank);
        const shares = items.map((item) => directly(bank, item, theta).shares);
        const given = Float64Array.from(sums);
        const divergences = kernels.divergences(Int32Array.from(items), theta, given, mass);
        expectClose(
          divergences.slice(0, items.length),
          shares.map(([wrong, right], j) => {
            const term = (share: number, sum = 0) => share * (mass * Math.log(share) - sum);
            return term(wrong, sums[2 * j]) + term(right, sums[2 * j + 1]);
          }),
          1e-12,
        );
        // moments of right between those of an impossible and of a certain answer, so that variances exist
        const moments = Float64Array.from(sums, (sum, k) => (k % 3 === 0 ? 0.5 + sum / 10 : sum));
        const wholes = [1, 0.3, 2] as const;
        const least = Math.max(0, mass) / 5;
        const variances = kernels.variances(Int32Array.from(items), theta, moments, wholes, least);
        const rights = items.map((_, j) => moments[3 * j] ?? 0);
        expect(variances.sound).toBe(rights.every((right) => right > 0 && 1 - right > least));
        expectClose(
          variances.values.slice(0, items.length),
          shares.map(([wrong, right], j) => {
            const [m = 0, first = 0, second = 0] = moments.slice(3 * j, 3 * j + 3);
            const variance = (m0: number, m1: number, m2: number) => m2 / m0 - (m1 / m0) ** 2;
            const after = variance(m, first, second);
            return right * after + wrong * variance(1 - m, 0.3 - first, 2 - second);
          }),
          1e-9,
        );
      }),
    );
  });

  test.each([-400, -40, 40, 400])('stay finite at θ = %d, where one answer is all but certain', (theta) => {
    const bank = createDichotomousBank([
      [4, -4],
      [1, 4, 0.2],
      [3, 0, 0, 0.9],
    ]);
    const items = Int32Array.of(0, 1, 2);
    const kernels = logisticItemsOf(bank);
    const sums = new Float64Array(6).fill(0.5);
    const shares = kernels.shares(items, theta).slice(0, 6);
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
    expectClose(
      [0, 1, 2].map((j) => (shares[2 * j] ?? 0) + (shares[2 * j + 1] ?? 0)),
      [1, 1, 1],
      1e-15,
    );
    for (const value of kernels.information(items, theta).slice(0, 3))
      expect(value).toBeGreaterThanOrEqual(0);
    for (const value of kernels.divergences(items, theta, sums, 1).slice(0, 3))
      expect(Number.isFinite(value)).toBe(true);
  });
});

function recordOf<T extends object>(values: T): { [K in keyof T]: fc.Arbitrary<T[K]> } {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, fc.constant(value)])) as never;
}

test.each([
  ['WebAssembly', undefined],
  ['WebAssembly with SIMD', { validate: () => false }],
])('without %s tables say so', async (what, found) => {
  vi.stubGlobal('WebAssembly', found);
  const fresh = await import('#shared/domain/irt/tables/row-table.ts');
  expect(() => new fresh.RowTable(Int32Array.of(0, 2), 41)).toThrow(
    `The engine of adaptive tests needs ${what}, which this machine does not offer.`,
  );
});

test('short arrays are all 0 and share no number, however many are taken', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 }), (lengths) => {
      const taken = lengths.map((length, k) => [doubles, integers, bytes][k % 3]?.(length) ?? doubles(0));
      taken.forEach((array, k) => {
        expect(array).toHaveLength(lengths[k] ?? -1);
        expect(array.every((value) => value === 0)).toBe(true);
        array.fill(1 + k);
      });
      taken.forEach((array, k) => {
        expect(array.every((value) => value === 1 + k)).toBe(true);
      });
    }),
    { numRuns: 30 },
  );
  expect([...copyOf(Float64Array.of(1, 2, 3), 2)]).toEqual([1, 2]);
});
