import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSourceMap } from '#shared/domain/grading/source-map.ts';
import { createPlaces, hiddenCharacters, mixedAlphabets } from '#shared/domain/grading/source-rules.ts';

describe('places', () => {
  test('lines end at LF, CR LF and CR, and nowhere else', () => {
    const { at, lines } = createPlaces('a\nb\r\nc\rd\u2028e');
    expect(lines).toBe(4);
    expect([0, 2, 5, 7, 9].map(at)).toEqual([
      { line: 1, column: 1 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
      { line: 4, column: 3 },
    ]);
  });

  test('columns count UTF-16 units: 한 is one, 😀 is two', () => {
    const { range } = createPlaces('한😀x');
    expect(range(3, 4)).toEqual({ line: 1, column: 4, end_line: 1, end_column: 5 });
  });

  test('agree with splitting the text into lines, for any text and offset', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\r', '한') }),
        fc.nat(200),
        (text, offset) => {
          const end = Math.min(offset, text.length);
          // the half of a CR LF before LF belongs to the line that it ends
          fc.pre(!(text[end] === '\n' && text[end - 1] === '\r'));
          const before = text.slice(0, end).split(/\r\n?|\n/);
          const column = (before.at(-1)?.length ?? 0) + 1;
          expect(createPlaces(text).at(end)).toEqual({ line: before.length, column });
        },
      ),
    );
  });
});

describe('characters that nobody sees', () => {
  const codes = (text: string) =>
    hiddenCharacters(text).map(({ code, line, column }) => [code, line, column]);

  test('Trojan Source: what turns the direction is found in comments, strings and code', () => {
    const text = '# a\n""" \u202e\u2066 begin admins only \u2069\u2066 """\n';
    expect(codes(text)).toEqual([
      ['bidirectional_character', 2, 5],
      ['bidirectional_character', 2, 6],
      ['bidirectional_character', 2, 26],
      ['bidirectional_character', 2, 27],
    ]);
  });

  test.each([
    ['a zero-width space', 'ad\u200bmin = 1', 3],
    ['a Hangul filler, a letter to JavaScript', 'const \u3164 = 1', 7],
    ['a joiner in a name', 'a\u200db = 1', 2],
    ['a byte order mark inside', 'a\ufeffb', 2],
    ['a tag without a flag', '"\u{e0041}"', 2],
    ['an escape of a terminal', '"\u001b[2J"', 2],
  ])('%s is reported where it stands', (_what, text, column) => {
    expect(codes(text)).toEqual([['hidden_character', 1, column]]);
  });

  test.each([
    ['families of emoji', '"👨‍👩‍👧 🏳️‍🌈 👩🏽‍🚀"'],
    ['flags of regions', '"🏴󠁧󠁢󠁷󠁬󠁳󠁿"'],
    ['scripts that join', '"می‌خواهم क्‍ष"'],
    ['Korean, tabs, form feeds and line ends', 'print("한국어")\t# 서울\f\r\n'],
    ['a byte order mark in front', '\ufeffprint(1)'],
  ])('%s are left alone', (_what, text) => {
    expect(hiddenCharacters(text)).toEqual([]);
  });

  test('the message names the character and what to do', () => {
    expect(hiddenCharacters('x\u200b')[0]?.message).toBe(
      'Remove the character U+200B, or write it as an escape in a string: it cannot be seen.',
    );
  });

  test('a text of nothing else gives twenty warnings', () => {
    expect(hiddenCharacters('\u200b'.repeat(65_536))).toHaveLength(20);
  });
});

describe('names of two alphabets', () => {
  test('Latin mixed with Cyrillic or Greek look-alikes', () => {
    expect(mixedAlphabets('аge')).toEqual(['Latin', 'Cyrillic']);
    expect(mixedAlphabets('tοtal')).toEqual(['Latin', 'Greek']);
  });
  test('one alphabet, and Hangul beside Latin, are how people write', () => {
    for (const name of ['age', 'возраст', 'αβγ', 'count_학생', 'naïve', '变量x'])
      expect(mixedAlphabets(name)).toEqual([]);
  });
});

describe('source maps', () => {
  // `enum A {}\nlet x` as swc rewrites it: line 3 of what it made is line 2 of the source
  const at = readSourceMap(JSON.stringify({ version: 3, mappings: 'AAAA;;AACA,IAAI' }));
  test('the segment at a place, or the nearest before', () => {
    expect(at({ line: 3, column: 5 })).toEqual({ line: 2, column: 5 });
    expect(at({ line: 3, column: 3 })).toEqual({ line: 2, column: 1 });
    expect(at({ line: 2, column: 9 })).toEqual({ line: 1, column: 1 });
  });
  test('code that nobody wrote has no exact place', () => {
    expect(at({ line: 3, column: 3 }, true)).toBeUndefined();
    expect(at({ line: 3, column: 5 }, true)).toEqual({ line: 2, column: 5 });
  });
});
