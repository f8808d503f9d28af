import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellsOfRows, createPairCounts } from '#shared/domain/irt/calibrate/pair-counts.ts';
import { patternsOf, responsesOf } from '#shared/domain/irt/calibrate/responses.ts';
import { Posteriors } from '#shared/domain/irt/tables/posteriors.ts';
import { ScoreSums } from '#shared/domain/irt/tables/score-sums.ts';
import { expectClose } from './close.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });
const numbers = (length: number, of = number) => fc.array(of, { minLength: length, maxLength: length });
const count = fc.integer({ min: 1, max: 5 });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A cell whose ln P is a line, steep enough for posteriors that are negligible at most nodes, or in the table. */
const lineOrTable = fc.record({
  slope: fc.double({ min: -60, max: 60, noNaN: true }),
  intercept: number,
  tabled: fc.boolean(),
});

/** Groups of rows with some cells in common and others of their own, of lines or tabled. */
const groupsOfRows = fc
  .record({ nodes: fc.integer({ min: 2, max: 9 }), cells: fc.integer({ min: 1, max: 8 }) })
  .chain(({ nodes, cells }) => {
    const some = fc.shuffledSubarray([...Array(cells).keys()]);
    return fc.record({
      cells: fc.array(lineOrTable, { minLength: cells, maxLength: cells }),
      theta: numbers(nodes),
      logWeights: numbers(nodes),
      table: numbers(cells * nodes),
      groups: fc.array(
        fc.record({
          shared: some,
          rows: fc.array(fc.record({ taken: some, persons: count }), { minLength: 1, maxLength: 4 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    });
  });

describe('posteriors by kernels', () => {
  test('are those of plain sums, as are likelihoods and persons by cell', () => {
    fc.assert(
      fc.property(groupsOfRows, ({ cells, theta, logWeights, table, groups }) => {
        const nodes = theta.length;
        const isTabled = (cell: number) => cells[cell]?.tabled === true;
        const sorted = groups.flatMap(({ rows }) =>
          rows.map(({ taken }) => [taken.filter((c) => !isTabled(c)), taken.filter(isTabled)] as const),
        );
        const place = new Posteriors(Float64Array.from(theta), cells.length, Int32Array.from(sorted.flat(2)));
        place.table.set(table);
        place.lines.set(cells.flatMap(({ slope, intercept }) => [slope, intercept]));
        const counts = new Float64Array(cells.length * nodes);
        const addTo = (cell: number, values: readonly number[]) =>
          values.forEach((value, q) => {
            counts[cell * nodes + q] = (counts[cell * nodes + q] ?? 0) + value;
          });
        let row = 0;
        let from = 0;
        for (const { shared, rows } of groups) {
          const group = theta.map(() => 0);
          place.beginGroup(Float64Array.from(logWeights), Int32Array.from(shared));
          for (const { taken, persons } of rows) {
            const [linear, tabled] = sorted[row++] ?? [[], []];
            const slope = sum(linear.map((cell) => cells[cell]?.slope ?? 0));
            const intercept = sum(linear.map((cell) => cells[cell]?.intercept ?? 0));
            const logs = theta.map((t, q) => {
              const at = (cell: number) => table[cell * nodes + q] ?? 0;
              return sum([logWeights[q] ?? 0, ...shared.map(at), slope * t, ...tabled.map(at)]);
            });
            const highest = Math.max(...logs);
            const ratios = logs.map((log) => Math.exp(log - highest));
            const total = sum(ratios);
            const tabledFrom = from + linear.length;
            const end = tabledFrom + tabled.length;
            const logLikelihood = place.add(from, tabledFrom, end, persons);
            from = end;
            expectClose([logLikelihood], [persons * (highest + intercept + Math.log(total))], 1e-11);
            const [lower = 0, upper = 0] = place.range;
            expect(upper).toBeLessThanOrEqual(nodes);
            const posterior = theta.map((_, q) => (q >= lower && q < upper ? (place.posterior[q] ?? 0) : 0));
            const expected = ratios.map((ratio) => ratio / total);
            expectClose(posterior, expected, 1e-13);
            const added = expected.map((share) => share * persons);
            for (const cell of taken) addTo(cell, added);
            added.forEach((value, q) => {
              group[q] = (group[q] ?? 0) + value;
            });
          }
          place.endGroup();
          expectClose(place.group, group, 1e-12);
          for (const cell of shared) addTo(cell, group);
        }
        expectClose(place.counts, counts, 2e-12);
      }),
    );
  });

  test.each([7, 8])('leave out which of %d nodes are negligible', (nodes) => {
    const theta = Float64Array.from({ length: nodes }, (_, q) => q);
    const place = new Posteriors(theta, 1, Int32Array.of(0));
    place.lines.set([40, 0]);
    place.beginGroup(new Float64Array(nodes), new Int32Array());
    expect(place.add(0, 1, 1, 2)).toBe(2 * 40 * (nodes - 1));
    expect([...place.range]).toEqual([6, nodes]);
    expect([...place.posterior.subarray(6)]).toEqual(nodes === 7 ? [1] : [0, 1]);
    expect([...place.counts]).toEqual([...new Float64Array(nodes - 1), 2]);
  });

  test('of more than 4 GiB are refused before memory is taken', () => {
    expect(() => new Posteriors(new Float64Array(2001), 2 ** 18, new Int32Array())).toThrow(RangeError);
  });
});

/** Answers to items of two to four categories: by a few groups, large and small, who answered the same. */
const answers = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 5 }).chain((categories) =>
  fc.record({
    categories: fc.constant(categories),
    answered: fc.array(fc.subarray([...categories.keys()], { minLength: 1 }), { minLength: 1, maxLength: 3 }),
    kept: fc.subarray([...categories.keys()], { minLength: 1 }),
    everybody: fc.boolean(),
    nodes: fc.integer({ min: 1, max: 5 }),
    rows: fc.array(
      fc.record({
        group: fc.nat({ max: 2 }),
        answers: fc.tuple(...categories.map((many) => fc.nat({ max: many - 1 }))),
        persons: count,
      }),
      { minLength: 1, maxLength: 40 },
    ),
    seed: fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1e-12)), {
      minLength: 30,
      maxLength: 30,
    }),
  }),
);

test('pairs of cells have the persons who have both, in large groups and small ones', () => {
  fc.assert(
    fc.property(answers, ({ categories, answered, kept, everybody, nodes, rows, seed }) => {
      const patterns = patternsOf(
        responsesOf(
          rows.map((row) =>
            row.answers.map((k, item) =>
              (answered[row.group % answered.length] ?? []).includes(item) ? k : null,
            ),
          ),
          rows.map(({ persons }) => persons),
        ),
        categories,
      );
      const numberOf = new Int32Array(patterns.cells).fill(-1);
      let size = 0;
      for (const item of kept)
        for (let cell = patterns.firstCell[item] ?? 0; cell < (patterns.firstCell[item + 1] ?? 0); cell++)
          numberOf[cell] = size++;
      if (everybody) size++;
      const width = nodes + (nodes % 2);
      const posteriors = Float64Array.from({ length: patterns.rows * width }, (_, i) =>
        i % width < nodes ? (seed[(7 * i) % seed.length] ?? 0) : 0,
      );
      const cells = cellsOfRows(patterns, numberOf, everybody ? size - 1 : -1);
      const counts = createPairCounts(patterns, cells, size);
      for (let q = 0; q < width; q += 2) {
        const expected = new Float64Array(size * size * 2);
        for (let row = 0; row < patterns.rows; row++) {
          const own = cells.cells.subarray(cells.from[row], cells.from[row + 1]);
          for (const lane of [0, 1]) {
            const persons = (posteriors[row * width + q + lane] ?? 0) * (patterns.counts[row] ?? 0);
            if (persons < 1e-10) continue;
            for (const a of own)
              for (const b of own)
                if (b <= a)
                  expected[2 * (a * size + b) + lane] = (expected[2 * (a * size + b) + lane] ?? 0) + persons;
          }
        }
        expectClose(counts.count(posteriors, q, width), expected, 1e-12);
      }
    }),
  );
});

/** Posteriors and scores of rows with cells, and the parameters of the cells' entries. */
const scoredRows = fc
  .record({
    nodes: fc.integer({ min: 1, max: 9 }),
    parameters: fc.integer({ min: 1, max: 7 }),
    entries: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 6 }),
  })
  .chain(({ nodes, parameters, entries }) => {
    const all = sum(entries);
    const node = fc.nat({ max: nodes });
    return fc.record({
      nodes: fc.constant(nodes),
      entries: fc.constant(entries),
      parameter: numbers(all, fc.nat({ max: parameters - 1 })),
      score: numbers(all * nodes),
      touched: fc.subarray([...Array(parameters).keys()]),
      parameters: fc.constant(parameters),
      rows: fc.array(
        fc.record({
          cells: fc.subarray([...entries.keys()]),
          posterior: numbers(nodes),
          ends: fc.tuple(node, node),
          persons: count,
        }),
        { minLength: 1, maxLength: 5 },
      ),
    });
  });

test('expected scores, and sums of their squares, are those of plain sums', () => {
  fc.assert(
    fc.property(scoredRows, ({ nodes, entries, parameter, score, touched, parameters, rows }) => {
      const start = [0];
      for (const many of entries) start.push((start.at(-1) ?? 0) + many);
      const sums = new ScoreSums(
        rows.length,
        nodes,
        Int32Array.from(rows.flatMap(({ cells }) => cells)),
        { start: Int32Array.from(start), parameter: Int32Array.from(parameter) },
        parameters,
        touched.length,
      );
      const { width } = sums;
      score.forEach((value, i) => {
        sums.score[Math.floor(i / nodes) * width + (i % nodes)] = value;
      });
      rows.forEach(({ posterior, ends }, row) => {
        for (let q = Math.min(...ends); q < Math.max(...ends); q++)
          sums.posteriors[row * width + q] = posterior[q] ?? 0;
      });
      const expected = new Float64Array(parameters * parameters);
      const wanted = Int32Array.from(touched);
      let from = 0;
      rows.forEach(({ cells, posterior, ends, persons }, row) => {
        const [lower, upper] = [Math.min(...ends), Math.max(...ends)];
        const mean = new Float64Array(parameters);
        for (let q = lower; q < upper; q++) {
          for (const cell of cells)
            for (let e = start[cell] ?? 0; e < (start[cell + 1] ?? 0); e++) {
              const p = parameter[e] ?? 0;
              mean[p] = (mean[p] ?? 0) + (posterior[q] ?? 0) * (score[e * nodes + q] ?? 0);
            }
        }
        sums.expect(row, from, from + cells.length, lower, upper);
        from += cells.length;
        expectClose(sums.mean, mean, 1e-12);
        sums.addSquare(wanted, persons);
        for (const i of touched)
          for (const j of touched)
            expected[i * parameters + j] =
              (expected[i * parameters + j] ?? 0) - persons * (mean[i] ?? 0) * (mean[j] ?? 0);
      });
      const found = new Float64Array(parameters * parameters);
      sums.subtractSquares(wanted, found);
      const scale = Math.max(1, ...expected.map(Math.abs));
      expectClose(found, expected, 1e-13 * scale);
      const none = new Float64Array(parameters * parameters);
      sums.subtractSquares(wanted, none);
      expect(none.every((value) => value === 0)).toBe(true);
    }),
  );
});
