import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { assets } from '#functions/validator/assets.ts';
import { buildValidatorAssets } from '#functions/validator/build.ts';
import type { Role } from '#shared/contracts/operation.ts';
import { type CodeValidation, codeValidation } from '#shared/contracts/validation.ts';
import { languages } from '#shared/domain/grading/types.ts';
import { inProcess } from '#tests/support/in-process.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
await buildValidatorAssets(fileURLToPath(assets));
const { handler } = await import('#functions/validator/handler.ts');
// whichever function the routes name for this path, the validator is what is tested
const send = inProcess({ ...{ code: handler, validator: handler } });
const student = await school.person('student');

async function post(body: unknown, token: string | undefined = student.token) {
  const reply = await send(`${school.origin}/api/code/validate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const answer: unknown = await reply.json();
  return { status: reply.status, body: answer };
}

/** The findings for a program that the request lets through. */
async function validate(body: object): Promise<CodeValidation> {
  const reply = await post(body);
  expect(reply).toMatchObject({ status: 200 });
  return codeValidation.strict().parse(reply.body);
}

describe('a program is checked within the request', () => {
  test('a right one is valid and has nothing to be said of', async () => {
    for (const [language, code] of [
      ['python', 'n = int(input())\nprint(n * n)\n'],
      ['javascript', 'console.log(1)'],
      ['typescript', 'const n: number = 1; console.log(n)'],
    ])
      expect(await validate({ language, code })).toEqual({ valid: true, errors: [], warnings: [] });
  });

  test('without a language it is Python', async () => {
    expect(await validate({ code: 'def f(:' })).toMatchObject({
      valid: false,
      errors: [{ type: 'SyntaxError', message: 'invalid syntax', line: 1, column: 7 }],
    });
  });

  test('warnings come in the order of the text and leave the program valid', async () => {
    const code = 'import subprocess\nx = "\u202e"\nwhile True:\n    pass\n';
    const { valid, warnings } = await validate({ code });
    expect(valid).toBe(true);
    expect(warnings.map((one) => [one.code, one.line, one.column])).toEqual([
      ['forbidden_import', 1, 8],
      ['bidirectional_character', 2, 6],
      ['endless_loop', 3, 1],
    ]);
    for (const { message } of warnings) expect(message).toMatch(/^[A-Z].*\.$/);
  });

  test('a policy of the request replaces the usual one', async () => {
    const code = 'import os\nimport math\nprint(os, math)';
    const lines = async (forbidden_imports?: string[]) =>
      (await validate({ code, forbidden_imports })).warnings.map(({ line }) => line);
    expect(await lines()).toEqual([1]);
    expect(await lines(['math'])).toEqual([2]);
    expect(await lines([])).toEqual([]);
  });

  test('characters that nobody sees are found in a program that does not parse, too', async () => {
    expect(await validate({ code: 'if x\u200b' })).toMatchObject({
      valid: false,
      warnings: [{ code: 'hidden_character', line: 1, column: 5 }],
    });
  });
});

describe('what is no program is refused with the name of the field', () => {
  test.each([
    ['an empty one', { code: '' }, 'code'],
    ['a blank one', { code: ' \n\t ' }, 'code'],
    ['one with NUL', { code: 'print(1)\0' }, 'code'],
    ['one that is too long for this school', { code: 'x'.repeat(10_001) }, 'code'],
    ['one that is too long for any school', { code: 'x'.repeat(65_537) }, 'code'],
    ['none', {}, 'code'],
    ['a number', { code: 1 }, 'code'],
    ['an unknown language', { code: 'x', language: 'cobol' }, 'language'],
    ['a policy that is no list of names', { code: 'x', forbidden_imports: ['os; rm'] }, 'forbidden_imports'],
    [
      'a policy of a hundred and one names',
      { code: 'x', forbidden_imports: Array(101).fill('os') },
      'forbidden_imports',
    ],
  ])('%s', async (_what, body, field) => {
    const reply = await post(body);
    expect(reply.status).toBe(422);
    expect(JSON.stringify(reply.body)).toContain(`"loc":["body","${field}"`);
  });

  test('unknown fields and halves of surrogate pairs are refused', async () => {
    expect(await post({ code: 'x', stdin: '' })).toMatchObject({ status: 422 });
    expect(await post({ code: 'x = "\ud83d"' })).toMatchObject({ status: 422 });
  });

  test('10,000 characters are taken', async () => {
    expect(await validate({ code: `#${'x'.repeat(9_999)}` })).toMatchObject({ valid: true });
  });
});

describe('who may', () => {
  const permitted: readonly Role[] = ['student', 'assistant', 'teacher', 'org_admin', 'platform_admin'];
  test.each(permitted)('a %s', async (role) => {
    expect(await post({ code: 'x = 1' }, (await school.person(role)).token)).toMatchObject({ status: 200 });
  });
  test('a guardian does not write programs, and nobody does without signing in', async () => {
    expect(await post({ code: 'x = 1' }, (await school.person('guardian')).token)).toMatchObject({
      status: 403,
    });
    expect(await post({ code: 'x = 1' }, 'no.token')).toMatchObject({ status: 401 });
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      'if',
      'def f(',
      'lambda',
      'class A:',
      'async',
      'await ',
      'match x:',
      'case',
      'yield',
      'except*',
      'f"{',
      '"""',
    ],
    ...[
      'let ',
      'const ',
      'function',
      '=>',
      '`${',
      'enum A {',
      'type T<',
      'namespace',
      'abstract ',
      '/',
      '/*',
      '@d ',
    ],
    ...[
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ':',
      ';',
      ',',
      '=',
      '==',
      '*',
      '**',
      '-',
      '.',
      '#',
      '\\',
      "'",
      '"',
      '<',
      '>',
    ],
    ...[
      '\n',
      '\r\n',
      '\r',
      '    ',
      '\t',
      '\f',
      '\u2028',
      '\ufeff',
      '\u202e',
      '한글',
      '😀',
      'é',
      'e\u0301',
      'x',
      '0x1',
      '9e9',
    ],
  );
  const programs = fc.oneof(
    fc.array(pieces, { minLength: 1, maxLength: 60 }).map((parts) => parts.join('')),
    fc
      .tuple(pieces, fc.integer({ min: 1, max: 3_000 }))
      .map(([piece, count]) => piece.repeat(count).slice(0, 10_000)),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  );
  // the first program of a language waits for its parser
  beforeAll(async () => {
    for (const language of languages) await post({ code: 'x', language });
  });

  const timedPost = async (body: Parameters<typeof post>[0]) => {
    const startedAt = performance.now();
    const reply = await post(body);
    return { reply, took: performance.now() - startedAt };
  };

  test.each(languages)(
    'as %s is answered or refused, within a second, and every place lies in it',
    async (language) => {
      await fc.assert(
        fc.asyncProperty(programs, async (code) => {
          const { reply, took } = await timedPost({ code, language });
          // a parser that a program broke before this one is loaded anew: half a second more on a busy machine, once
          if (took >= 2_000) expect((await timedPost({ code, language })).took).toBeLessThan(2_000);
          if (reply.status === 422) return;
          expect(reply.status).toBe(200);
          const { valid, errors, warnings } = codeValidation.parse(reply.body);
          expect(valid).toBe(errors.length === 0);
          const lines = code.split(/\r\n?|\n/);
          for (const { message, line, column, end_line = line, end_column = column } of [
            ...errors,
            ...warnings,
          ]) {
            expect(message).not.toBe('');
            expect(line).toBeLessThanOrEqual(lines.length);
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
            expect(end_line).toBeLessThanOrEqual(lines.length);
            expect(end_column).toBeLessThanOrEqual((lines[end_line - 1]?.length ?? 0) + 1);
            expect(end_line > line || (end_line === line && end_column >= column)).toBe(true);
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});
