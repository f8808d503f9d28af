import { describe, expect, test } from 'vitest';
import { createParsers } from '#functions/validator/parsers.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import { openParsers } from './parsers.ts';

const parsers = await openParsers();

/** 65,536 characters, the most a school may allow, in the shapes that overflow, spin or swell parsers. */
const hostile: readonly (readonly [Language, string])[] = [
  ['python', `a${'+a'.repeat(32_000)}`],
  ['python', `a${'.a'.repeat(30_000)}`],
  ['python', '-'.repeat(60_000)],
  ['python', '('.repeat(60_000)],
  ['python', `x = ${'9'.repeat(60_000)}`],
  ['python', `x = 0x${'f'.repeat(60_000)}`],
  ['python', 'x = 9**9**9**9**9'],
  ['python', 'f"{'.repeat(20_000)],
  ['python', '{a:'.repeat(190)],
  ['python', `if 1:\n 1\n${'elif 1:\n 1\n'.repeat(5_900)}`],
  ['python', 'lambda x=('.repeat(6_000)],
  ['python', '\u0301'.repeat(60_000)],
  ['python', `async def f():\n${' return 1\n'.repeat(6_000)}`],
  ['python', 'аb is 1\n'.repeat(8_000)],
  ['javascript', '['.repeat(60_000)],
  ['javascript', 'a=>'.repeat(20_000)],
  ['javascript', '`${'.repeat(20_000)],
  ['javascript', `/${'('.repeat(60_000)}/`],
  ['javascript', `a${'+a'.repeat(32_000)}`],
  ['javascript', `${'for(;;)'.repeat(9_000)};`],
  ['typescript', '['.repeat(60_000)],
  ['typescript', `type A = ${'B['.repeat(30_000)}`],
  ['typescript', 'enum A {} '.repeat(6_500)],
];
const honest: Readonly<Record<Language, string>> = {
  python: 'n = int(input())\nprint(n * n)\n',
  javascript: 'const n = +require("fs").readFileSync(0, "utf8");\nconsole.log(n * n)\n',
  typescript: 'const n: number = +require("fs").readFileSync(0, "utf8");\nconsole.log(n * n)\n',
};

describe('a program that no parser gets through', () => {
  test.each(hostile)(
    '%s %.20j… is answered, and an honest program after it is right',
    async (language, code) => {
      const read = parsers.of(language);
      const { errors } = await read(code);
      for (const error of errors) expect(error.message).not.toBe('');
      expect(await read(honest[language])).toEqual({ errors: [], warnings: [] });
    },
  );

  test('brackets that break the stripper of types are called too complex', async () => {
    expect(await parsers.of('typescript')('['.repeat(60_000))).toMatchObject({
      errors: [{ type: 'TooComplex', line: 1, column: 1 }],
    });
  });
});

test('a parser that takes too long is ended, and the next program gets a new one', async () => {
  const hasty = await openParsers({ deadlineMs: 0 });
  const { errors } = await hasty.of('python')('pass\n'.repeat(10_000));
  expect(errors).toMatchObject([{ type: 'TooComplex' }]);
  const patient = await openParsers();
  expect(await patient.of('python')('pass\n')).toEqual({ errors: [], warnings: [] });
});

test('programs at once are each answered with their own findings', async () => {
  const read = parsers.of('python');
  const lines = await Promise.all(
    Array.from({ length: 30 }, async (_, line) => (await read(`${'\n'.repeat(line)}if`)).errors[0]?.line),
  );
  expect(lines).toEqual(lines.map((_, line) => line + 1));
});

test('parsers that cannot be loaded are our failure, not the program’s', async () => {
  const nowhere = createParsers(new URL('file:///nowhere/'));
  await expect(nowhere.read({ language: 'python', code: 'x', forbidden: [] })).rejects.toThrow(
    'a parser could not be loaded',
  );
});
