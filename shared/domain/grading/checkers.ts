import type { Checker, Json } from './types.ts';
import { near, nearlySameValue, sameItems, sameValue } from './values.ts';

/** The checkers that need no program of their own. */
export type PlainChecker = Exclude<Checker, { kind: 'regex' | 'custom' }>;

export const isPlain = (checker: Checker): checker is PlainChecker =>
  checker.kind !== 'regex' && checker.kind !== 'custom';

/**
 * Whether what a program printed is what was expected.
 * `exact`: every character. `lines`: but for CRLF, blanks at the end of a line and empty lines at the end. `tokens`: the
 * words, whatever is between them. `set`: the lines that are not empty, in any order. `float`: the words, numbers
 * among them up to `tolerance · max(1, |expected|)`.
 */
export function acceptsText(checker: PlainChecker, output: string, expected: string): boolean {
  switch (checker.kind) {
    case 'exact':
      return output === expected;
    case 'lines':
      return normalise(output) === normalise(expected);
    case 'tokens':
      return sameList(tokens(output), tokens(expected));
    case 'set':
      return sameList(lineSet(output), lineSet(expected));
    case 'float':
      return sameList(tokens(output), tokens(expected), (a, b) => nearToken(a, b, checker.tolerance));
  }
}

/**
 * Whether a returned value (tagged JSON, see values.ts) is the expected one. Kinds about blanks mean nothing here and are
 * strict; `set`: the items in any order; `float`: numbers up to the tolerance.
 */
export function acceptsValue(checker: PlainChecker, value: Json, expected: Json): boolean {
  switch (checker.kind) {
    case 'set':
      return sameItems(value, expected);
    case 'float':
      return nearlySameValue(value, expected, checker.tolerance);
    default:
      return sameValue(value, expected);
  }
}

/** `text` with LF, without blanks at the end of lines and without empty lines at the end. */
export function normalise(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n').map(trimBlanks);
  while (lines.at(-1) === '') lines.pop();
  return lines.join('\n');
}

/** By hand: a regular expression for this takes quadratic time on a line full of blanks. */
function trimBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}

const tokens = (text: string): string[] => text.split(/\s+/).filter((token) => token !== '');

const lineSet = (text: string): string[] =>
  normalise(text)
    .split('\n')
    .filter((line) => line !== '')
    .sort();

function sameList(
  actual: readonly string[],
  expected: readonly string[],
  same: (a: string, b: string) => boolean = (a, b) => a === b,
): boolean {
  return (
    actual.length === expected.length &&
    actual.every((token, at) => {
      const other = expected[at];
      return other !== undefined && same(token, other);
    })
  );
}

const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function nearToken(actual: string, expected: string, tolerance: number): boolean {
  if (actual === expected) return true;
  return decimal.test(actual) && decimal.test(expected) && near(Number(actual), Number(expected), tolerance);
}
