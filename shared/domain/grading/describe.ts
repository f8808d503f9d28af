import type { Json, Language } from './types.ts';

/** A test as people read it. */
type Described =
  | { readonly kind: 'stdio'; readonly stdin: string; readonly expected: string }
  | { readonly kind: 'call'; readonly call: string; readonly args: readonly Json[]; readonly expected: Json };

/** A value as a learner of the language would write it. */
function literal(language: Language, value: Json): string {
  if (language !== 'python') return JSON.stringify(value);
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((member: Json) => literal(language, member)).join(', ')}]`;
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${literal(language, member)}`,
  );
  return `{${members.join(', ')}}`;
}

/** What a program is given: stdin as it is, or the call, `add(2, [1, None])`. */
export const inputText = (language: Language, test: Described): string =>
  test.kind === 'stdio'
    ? test.stdin
    : `${test.call}(${test.args.map((argument) => literal(language, argument)).join(', ')})`;

/** What is expected of it: the text, or the value. */
export const expectedText = (language: Language, test: Described): string =>
  test.kind === 'stdio' ? test.expected : literal(language, test.expected);
