import type { TestInput } from '#shared/contracts/grading-shapes.ts';
import type { Json, Language } from '#shared/domain/grading/types.ts';

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

/** What a test gives to a program: stdin, or the call. */
export const inputText = (language: Language, test: TestInput): string =>
  test.kind === 'stdio'
    ? test.stdin
    : `${test.call}(${test.args.map((argument) => literal(language, argument)).join(', ')})`;

export const expectedText = (language: Language, test: TestInput): string =>
  test.kind === 'stdio' ? test.expected : literal(language, test.expected);
