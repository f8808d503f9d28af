import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstDifference } from '#functions/console/pages/exercises/first-difference.ts';

describe('the first difference of two outputs', () => {
  it.each([
    ['4500 won', '1503 won', { kind: 'line', line: 0, column: 0 }],
    ['a\nbcd\n', 'a\nbxd\n', { kind: 'line', line: 1, column: 1 }],
    ['a\nb\nc', 'a\nb', { kind: 'missing', line: 2, lines: 1 }],
    ['a', 'a\nb\nc', { kind: 'extra', line: 1, lines: 2 }],
    ['a', '', { kind: 'nothing' }],
    ['a b', 'a  b', { kind: 'blanks', line: 0, column: 2 }],
    ['Yes', 'yes', { kind: 'case', line: 0, column: 0 }],
    ['25', 'Number? 25', { kind: 'line', isPrompt: true }],
  ])('of %j and %j', (expected, got, difference) =>
    expect(firstDifference(expected, got)).toMatchObject(difference),
  );

  it('is none where only trailing blanks and line ends differ', () => {
    expect(firstDifference('a\nb\n', 'a  \r\nb')).toBeUndefined();
  });

  it('is where both were the same up to there', () => {
    const output = fc
      .array(fc.stringMatching(/^[ab ]{0,4}$/), { maxLength: 4 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(output, output, (expected, got) => {
        const found = firstDifference(expected, got);
        if (!found || found.kind === 'nothing') return;
        const upTo = (text: string) =>
          text
            .split('\n')
            .slice(0, found.line)
            .map((line) => line.trimEnd());
        expect(upTo(got)).toEqual(upTo(expected));
      }),
    );
  });
});
