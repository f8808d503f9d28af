import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '#shared/domain/csv/read.ts';
import {
  type Cell,
  type Column,
  gradebookCsv,
  meanOf,
  noCell,
  tabulate,
  untouched,
} from '#shared/domain/results/gradebook.ts';

const column = (id: string, more: Partial<Column> = {}): Column => ({
  kind: 'quiz',
  id,
  title: id,
  opens_at: null,
  due_at: null,
  scale: 'percent',
  ...more,
});
const done = (value: number | null): Cell => ({ value, status: 'done', late: false });
const cells = (...values: readonly (number | null)[]) =>
  new Map(values.map((value, at) => [`s${at}`, value === null ? noCell : done(value)] as const));
const roster = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ student_id: `s${at}`, name: `Student ${at}` }));

describe('a gradebook', () => {
  test('stands by due date, and averages what has a value', () => {
    const table = tabulate(
      [
        { column: column('endless'), cells: cells(100, null) },
        {
          column: column('test', { kind: 'exam', scale: 'scaled', due_at: '2026-12-01' }),
          cells: cells(560, 440),
        },
        { column: column('early', { due_at: '2026-11-01' }), cells: cells(50, 80) },
      ],
      roster(3),
    );
    expect(table.columns.map(({ id, graded, average }) => [id, graded, average])).toEqual([
      ['early', 2, 65],
      ['test', 2, 500],
      ['endless', 1, 100],
    ]);
    // a test's scale is no percentage
    expect(table.rows.map(({ average }) => average)).toEqual([75, 80, null]);
    expect(table.average).toBe(77.5);
  });

  test('counts what is missing beside the average, not as nothing', () => {
    const missing = untouched('2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z');
    const waits = untouched('2026-11-03T00:00:00.000Z', '2026-11-02T00:00:00.000Z');
    expect([missing.status, waits.status, untouched(null, '2026-11-02').status]).toEqual([
      'missing',
      'none',
      'none',
    ]);
    const table = tabulate(
      [
        { column: column('a'), cells: new Map([['s0', missing]]) },
        { column: column('b'), cells: cells(90) },
      ],
      roster(1),
    );
    expect(table.rows[0]).toMatchObject({ average: 90, missing: 1 });
  });

  test('has averages of two decimals, and none of nothing', () => {
    expect(meanOf([])).toBeNull();
    expect(meanOf([null, null])).toBeNull();
    expect(meanOf([1, 2, 2])).toBe(1.67);
    expect(meanOf([0, null])).toBe(0);
  });
});

describe('its file', () => {
  const table = tabulate(
    [
      {
        column: column('=HYPERLINK("http://x")', { due_at: '2026-12-01T14:59:59.999Z' }),
        cells: cells(50.5, null),
      },
      { column: column('쪽지 시험, "1"'), cells: cells(-0, 100) },
    ],
    [
      { student_id: 's0', name: '+김민아' },
      { student_id: 's1', name: '@SUM(A1)' },
    ],
  );

  test('opens in a spreadsheet as what it says: guarded, with due dates by the school’s clocks', () => {
    expect(gradebookCsv(table, 'Asia/Seoul', 'ko')).toBe(
      '\uFEFF' +
        `학생,"'=HYPERLINK(""http://x"")","쪽지 시험, ""1""",평균,미제출\r\n` +
        '기한,2026-12-01 23:59,,,\r\n' +
        "'+김민아,50.5,0,25.25,0\r\n" +
        "'@SUM(A1),,100,100,0\r\n" +
        '평균,50.5,50,62.63,\r\n',
    );
  });

  test('has ids, usernames and addresses where they are asked for', () => {
    const details = (id: string) => ({ username: `-${id}`, email: null });
    const { rows } = readCsv(gradebookCsv(table, 'UTC', 'en', details));
    expect(rows[0]?.cells.slice(0, 4)).toEqual(['Student', 'Id', 'Username', 'E-mail']);
    expect(rows[2]?.cells.slice(0, 4)).toEqual(["'+김민아", 's0', "'-s0", '']);
  });

  test('never has a cell that a spreadsheet takes for a formula, whatever people are called', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r'), fc.string()).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), hostile, (names, title) => {
        const people = names.map((name, at) => ({ student_id: `s${at}`, name }));
        const given = [{ column: column(title), cells: cells(1) }];
        const text = gradebookCsv(tabulate(given, people), 'UTC', 'en', () => ({
          username: title,
          email: title,
        }));
        for (const { cells: row } of readCsv(text, ',').rows)
          for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      }),
      { numRuns: 200 },
    );
  });
});
