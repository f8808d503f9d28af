/** Where an output first differs from the expected one, line by line; trailing blanks count for nothing. */
export interface Difference {
  readonly kind: 'nothing' | 'line' | 'blanks' | 'case' | 'missing' | 'extra';
  /** Counted from 0, in either output. */
  readonly line: number;
  /** How many characters of the line are the same. */
  readonly column: number;
  /** Lines that are missing, or too many. */
  readonly lines: number;
  /** What was expected is there, behind something else: most likely the text of a prompt. */
  readonly isPrompt: boolean;
}

/** Trailing blanks and the last line break do not count, as in the usual checker. */
export const linesOf = (text: string): string[] =>
  text
    .replace(/\s+$/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trimEnd());

const samePart = (left: string, right: string): number => {
  let at = 0;
  while (at < left.length && at < right.length && left.charAt(at) === right.charAt(at)) at += 1;
  return at;
};
const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '');

export function firstDifference(expected: string, got: string): Difference | undefined {
  const wanted = linesOf(expected);
  const given = linesOf(got);
  const line = wanted.findIndex((words, index) => words !== given[index]);
  const base = { line: line < 0 ? wanted.length : line, column: 0, lines: 0, isPrompt: false };
  if (got.trim() === '' && expected.trim() !== '') return { ...base, kind: 'nothing' };
  if (line < 0)
    return given.length > wanted.length
      ? { ...base, kind: 'extra', lines: given.length - wanted.length }
      : undefined;
  if (line >= given.length) return { ...base, kind: 'missing', lines: wanted.length - given.length };
  const [left = '', right = ''] = [wanted[line], given[line]];
  const place = { ...base, column: samePart(left, right), isPrompt: left !== '' && right.endsWith(left) };
  if (withoutBlanks(expected) === withoutBlanks(got)) return { ...place, kind: 'blanks' };
  if (expected.toLowerCase().trim() === got.toLowerCase().trim()) return { ...place, kind: 'case' };
  return { ...place, kind: 'line' };
}
