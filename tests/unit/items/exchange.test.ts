import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainNames, type WrittenItem, writtenItem } from '#shared/contracts/item-shapes.ts';
import { guarded, unguarded } from '#shared/domain/csv/guard.ts';
import { readCsv } from '#shared/domain/csv/read.ts';
import { csvHeading, csvItem, fieldsOf, readItemTable } from '#shared/domain/items/csv.ts';
import { fileFields, itemsOfFile, jsonFile, jsonItem } from '#shared/domain/items/json.ts';
import { keyCell, keyOf } from '#shared/domain/items/key-cell.ts';
import { joined, split } from '#shared/domain/items/lists.ts';
import { someItem } from './items.ts';

const numbered = (items: readonly WrittenItem[]) => items.map((item, k) => ({ ...item, item_id: `i${k}` }));

describe('items as CSV', () => {
  test('come back as they were: every text, key, parameter and label', () => {
    fc.assert(
      fc.property(fc.array(someItem, { minLength: 1, maxLength: 5 }), (items) => {
        const file = `\uFEFF${csvHeading}${numbered(items).map(csvItem).join('')}`;
        const { rows, ignored_columns } = readItemTable(file);
        const read = rows.map((row) => {
          const { fields, problems } = fieldsOf(row, undefined);
          expect([row.problem, problems]).toEqual([undefined, []]);
          return writtenItem.parse(fields);
        });
        expect(read).toEqual(items);
        expect(rows.map(({ cells }) => cells.get('item_id'))).toEqual(items.map((_, k) => `i${k}`));
        expect(ignored_columns).toEqual([]);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  test('have no cell that a spreadsheet evaluates, but for numbers', () => {
    fc.assert(
      fc.property(someItem, (item) => {
        const [row] = readCsv(csvItem({ ...item, item_id: 'i1' }), ',').rows;
        for (const cell of row?.cells ?? [])
          if (/^[=+\-@\t\r]/.test(cell)) expect(Number(cell)).not.toBeNaN();
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  test('are read with the columns that a file has, in any order, by other names and separators', () => {
    const { rows, ignored_columns } = readItemTable(
      'Kind;Difficulty;content;option_1;option_2;key;note\nchoice;1,5;2 + 2?;3;4;B;x\n',
    );
    expect(rows.map((row) => fieldsOf(row, undefined))).toEqual([
      {
        fields: {
          kind: 'choice',
          body: '2 + 2?',
          options: [{ body: '3' }, { body: '4' }],
          key: 1,
          parameters: { model: '1PL', b: 1.5 },
        },
        problems: [],
      },
    ]);
    expect(ignored_columns).toEqual(['note']);
  });

  test('say which cell is wrong', () => {
    const problemsOf = (heading: string, row: string) => {
      const [read] = readItemTable(`${heading}\n${row}\n`).rows;
      return read && [read.problem, ...fieldsOf(read, undefined).problems].filter((one) => one !== undefined);
    };
    const field = (heading: string, row: string) => problemsOf(heading, row)?.map((one) => one.field);
    expect(field('kind,body,option_1,option_2,option_3,key', 'choice,x,a,,c,1')).toEqual(['option_2']);
    expect(field('kind,body,option_1,option_2,key', 'choice,x,a,b,C3')).toEqual(['key']);
    expect(field('kind,body,key', 'numeric,x,about 3')).toEqual(['key']);
    expect(field('kind,body,key,a,b', 'numeric,x,3,steep,0')).toEqual(['a']);
    expect(field('kind,body,key', 'numeric,x,3,4')).toEqual(['row']);
    expect(field('kind,body,option_1,option_2,key,thresholds', 'multi,x,a,b,1;2,0;high')).toEqual([
      'thresholds',
    ]);
  });

  test('of a heading that names no item, or one column twice, are refused', () => {
    for (const text of ['a,b\n1,2\n', 'body,body\nx,y\n', 'body\n"open\n', 'body,content\nx,y\n'])
      expect(() => readItemTable(text)).toThrow();
  });
});

describe('items as JSON', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(someItem, { maxLength: 5 }), (items) => {
        const bank = { name: 'B "1"', description: '', subject: null, D: 1 };
        const file: unknown = JSON.parse(jsonFile(bank, numbered(items).map(jsonItem)));
        const read = itemsOfFile(file)?.map((item) => {
          const { item_id: _id, ...fields } = fileFields(item) ?? {};
          return writtenItem.parse(plainNames(fields));
        });
        expect(read).toEqual(items);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('are a list, or an object with one', () => {
    expect(itemsOfFile([1])).toEqual([1]);
    expect(itemsOfFile({ items: [2] })).toEqual([2]);
    for (const other of [null, 'x', {}, { items: 1 }]) expect(itemsOfFile(other)).toBeUndefined();
    expect(fileFields('x')).toBeUndefined();
  });
});

describe('cells', () => {
  test('that are guarded against formulas come back as they were, and others are left alone', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a', '1'), maxLength: 6 }),
        (text) => {
          expect(unguarded(guarded(text))).toBe(text);
          expect(guarded(text)).not.toMatch(/^[=+\-@\t\r]/);
        },
      ),
      { seed: 8, numRuns: 500 },
    );
    expect([guarded("'tis"), unguarded("'tis"), guarded('=1')]).toEqual(["'tis", "'tis", "'=1"]);
  });

  test('of several texts keep separators that belong to a text', () => {
    const text = fc
      .string({ unit: fc.constantFrom('|', ';', '\\', 'a', ' '), minLength: 1, maxLength: 6 })
      .map((one) => one.trim())
      .filter((one) => one !== '');
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), fc.constantFrom('|', ';'), (texts, separator) => {
        expect(split(joined(texts, separator), separator)).toEqual(texts);
      }),
      { seed: 9, numRuns: 500 },
    );
    expect(split(' a | \\frac{1}{2} |', '|')).toEqual(['a', '\\frac{1}{2}']);
  });

  test('of keys are as people write them', () => {
    const cases = [
      ['2', 'choice', 1],
      ['b', 'choice', 1],
      ['1;3', 'multi', [0, 2]],
      ['A, C', 'multi', [0, 2]],
      ['3.14±0.01', 'numeric', { value: 3.14, tolerance: 0.01, tolerance_kind: 'absolute' }],
      ['3,14 ± 1 %', 'numeric', { value: 3.14, tolerance: 0.01, tolerance_kind: 'relative' }],
      ['-2 +/- 0.5', 'numeric', { value: -2, tolerance: 0.5, tolerance_kind: 'absolute' }],
      ['−2e3', 'numeric', { value: -2000, tolerance: 0, tolerance_kind: 'absolute' }],
      ['len | len()', 'text', { accepted: ['len', 'len()'], case_sensitive: false }],
      ['0', 'choice', undefined],
      ['K', 'choice', undefined],
      ['1;x', 'multi', undefined],
      ['1±2±3', 'numeric', undefined],
      ['0x10', 'numeric', undefined],
      ['Infinity', 'numeric', undefined],
    ] as const;
    for (const [cell, kind, key] of cases) expect([cell, keyOf(cell, kind, false)]).toEqual([cell, key]);
    const share = { value: 10, tolerance: 0.07, tolerance_kind: 'relative' } as const;
    expect(keyCell({ kind: 'numeric', options: [], key: share })).toBe('10±7%');
  });
});
