import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '#shared/domain/csv/decode.ts';
import { readCsv, type Separator, separatorOf, separators } from '#shared/domain/csv/read.ts';
import { csvRow } from '#shared/domain/csv/write.ts';

const cellsOf = (text: string) => readCsv(text).rows.map(({ cells }) => cells);

/** Cells as RFC 4180 writes them, each in quotes or only those that need it. */
const written = (rows: readonly (readonly string[])[], separator: Separator, end: string, all: boolean) =>
  rows
    .map((cells) =>
      cells
        .map((cell) => (all || /["\r\n,;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(separator),
    )
    .join(end);

const filled = fc
  .string({
    unit: fc.oneof(fc.constantFrom('"', ',', ';', '\t', '\n', '\r', ' '), fc.string({ unit: 'grapheme' })),
  })
  // a first cell that begins with a byte order mark would lose it
  .filter((cell) => cell.trim() !== '' && !cell.startsWith('\uFEFF'));

describe('reading separated cells', () => {
  test('what is written as RFC 4180 says is read back, whatever the separator, the line end and the quoting', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }).chain((width) =>
          fc.array(fc.array(filled, { minLength: width, maxLength: width }), {
            minLength: 1,
            maxLength: 6,
          }),
        ),
        fc.constantFrom(...separators),
        fc.constantFrom('\r\n', '\n', '\r'),
        fc.boolean(),
        fc.constantFrom('', '\uFEFF'),
        (rows, separator, end, all, mark) => {
          const table = readCsv(mark + written(rows, separator, end, all), separator);
          expect(table.fault).toBeUndefined();
          expect(table.rows.map(({ cells }) => cells)).toEqual(rows);
        },
      ),
    );
  });

  test('any text is read without an error, and its rows begin at growing lines', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r', 'a', '가', ' ') }),
        (text) => {
          const lines = readCsv(text).rows.map(({ line }) => line);
          expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b));
        },
      ),
    );
  });

  test('the separator is the one that the first line has most of, outside quotes', () => {
    expect(separatorOf('name;username;class\na,b;c')).toBe(';');
    expect(separatorOf('name\tusername\n')).toBe('\t');
    expect(separatorOf('"a;b;c",name\n')).toBe(',');
    expect(separatorOf('name')).toBe(',');
  });

  test('a mark, both line ends, empty lines and quotes are taken as spreadsheets write them', () => {
    expect(cellsOf('\uFEFFname,class\r\n"Kim, ""Minsu""",1\r\n\r\n,\r\nO"Neill,2')).toEqual([
      ['name', 'class'],
      ['Kim, "Minsu"', '1'],
      ['O"Neill', '2'],
    ]);
  });

  test('rows know their line, though a cell before them has several', () => {
    expect(readCsv('name\n"a\nb"\n\nc\n').rows.map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  test('a quote that is never closed, or that is followed by text, is a fault at its line', () => {
    expect(readCsv('name\nok\n"never\nclosed\n').fault).toEqual({ rule: 'quote_open', line: 3 });
    expect(readCsv('name,class\n"a\nb","c"d\n').fault).toEqual({ rule: 'quote_text', line: 3 });
  });

  test('three hundred thousand separators take less than a second', () => {
    const from = performance.now();
    expect(readCsv(`a${','.repeat(300_000)}`).rows[0]?.cells).toHaveLength(300_001);
    expect(performance.now() - from).toBeLessThan(1000);
  });
});

describe('writing separated cells', () => {
  test('a cell that a spreadsheet would take for a formula is guarded', () => {
    expect(csvRow(['=1+1', '+82', '-x', '@home', '\tx', 'a=b', -5, null])).toBe(
      "'=1+1,'+82,'-x,'@home,'\tx,a=b,-5,\r\n",
    );
  });

  test('what is written is read back', () => {
    fc.assert(
      fc.property(
        fc.array(
          filled.filter((cell) => !/^[=+\-@\t\r]/.test(cell)),
          { minLength: 1 },
        ),
        (cells) => {
          expect(readCsv(csvRow(cells), ',').rows[0]?.cells).toEqual(cells);
        },
      ),
    );
  });
});

describe('decoding a file', () => {
  // 김민아 as code page 949 has it
  const korean = [0xb1, 0xe8, 0xb9, 0xce, 0xbe, 0xc6];

  test('UTF-8 with and without a mark, UTF-16 with one, and the Korean code page are told apart', () => {
    const utf8 = new TextEncoder().encode('김민아');
    expect(decodeText(utf8)).toEqual({ text: '김민아', encoding: 'utf-8' });
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8))?.text).toBe('김민아');
    expect(decodeText(Uint8Array.of(...korean))).toEqual({ text: '김민아', encoding: 'euc-kr' });
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x40, 0xae))).toEqual({ text: '김', encoding: 'utf-16le' });
  });

  test('a syllable that only the newer half of the code page has is decoded by browsers, and garbled nowhere', () => {
    expect([undefined, '똠']).toContain(decodeText(Uint8Array.of(0x8c, 0x63))?.text);
  });

  test('bytes of another code page are not guessed at', () => {
    // José, in Latin-1
    expect(decodeText(Uint8Array.of(0x4a, 0x6f, 0x73, 0xe9, 0x2c))).toBeUndefined();
  });
});
