import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { gradeProgram } from '#functions/tasks/grader/grade.ts';
import type { Sandbox } from '#functions/tasks/grader/sandbox/sandbox.ts';
import type { Json, Language, Limits, Test, TestOutcome } from '#shared/domain/grading/types.ts';

const fixtures = new URL('../../fixtures/sandbox/', import.meta.url);
const languageSchema = z.enum(['python', 'javascript', 'typescript']);

const entrySchema = z.object({
  file: z.string(),
  language: languageSchema,
  category: z.string(),
  expect: z.array(z.string()),
  tests: z
    .array(
      z.union([
        z.object({ stdin: z.string(), expect: z.string() }),
        z.object({ call: z.string(), args: z.array(z.json()), expect: z.json() }),
      ]),
    )
    .optional(),
  never: z.array(z.string()).default([]),
  allfail_second: z.boolean().default(false),
  note: z.string().default(''),
});
/** One hostile or honest program and what may become of it. */
export type Entry = z.infer<typeof entrySchema> & { readonly folder: string };

const read = (folder: string): Entry[] => {
  const manifest: unknown = JSON.parse(readFileSync(new URL(`${folder}manifest.json`, fixtures), 'utf8'));
  return z
    .array(entrySchema)
    .parse(manifest)
    .map((entry) => ({ ...entry, folder }));
};

/** The programs that were given, and those that were thought of here. */
export const corpus: readonly Entry[] = [...read(''), ...read('more/')];

const honestPrograms: Readonly<Record<Language, string>> = {
  python: 'n=int(input())\nprint(n*n)\n',
  javascript: 'const n=+require("fs").readFileSync(0,"utf8");console.log(n*n)\n',
  typescript: 'const n: number = +require("fs").readFileSync(0,"utf8");console.log(n*n)\n',
};

const test = (
  id: string,
  rest: { stdin: string; expected: string } | { call: string; args: Json[]; expected: Json },
): Test => ({
  id,
  name: id,
  checker: { kind: 'lines' },
  weight: 1,
  visibility: 'public',
  limits: null,
  seed: 1,
  ...('stdin' in rest ? { kind: 'stdio', ...rest } : { kind: 'call', ...rest }),
});

const defaultTests = [
  test('five', { stdin: '5\n', expected: '25\n' }),
  test('seven', { stdin: '7\n', expected: '49\n' }),
];

export const testsOf = ({ tests }: Entry): readonly Test[] =>
  tests?.map((each, at) =>
    'stdin' in each
      ? test(String(at), { stdin: each.stdin, expected: each.expect })
      : test(String(at), { call: each.call, args: each.args, expected: each.expect }),
  ) ?? defaultTests;

export interface Tried {
  readonly outcomes: readonly TestOutcome[];
  readonly printed: string;
  readonly verdict: string;
}

/** Runs a program of the corpus; `printed` is all that it let be seen. */
export async function tryProgram(
  sandbox: Sandbox,
  entry: Entry,
  limits: Partial<Limits> | null = null,
): Promise<Tried> {
  const code = readFileSync(new URL(entry.folder + entry.file, fixtures), 'utf8');
  let streamed = '';
  const tests = testsOf(entry).map((each) => ({ ...each, limits }));
  const outcomes = await gradeProgram(sandbox, { language: entry.language, code }, tests, {
    onOutput: ({ text }) => {
      streamed += text;
    },
  });
  const verdict = outcomes.find((outcome) => outcome.verdict !== 'pass')?.verdict ?? 'pass';
  return { outcomes, verdict, printed: outcomes.map(({ output }) => output).join('\n') + streamed };
}

/** Whether an honest program of the same language passes. */
export async function tryHonest(sandbox: Sandbox, language: Language): Promise<Tried> {
  const outcomes = await gradeProgram(sandbox, { language, code: honestPrograms[language] }, defaultTests);
  const verdict = outcomes.find((outcome) => outcome.verdict !== 'pass')?.verdict ?? 'pass';
  return { outcomes, verdict, printed: '' };
}

/** What is wrong with how a program came out, in words. */
export function complaints(entry: Entry, { verdict, printed, outcomes }: Tried): string[] {
  const errors = outcomes.flatMap(({ error }) => (error === null ? [] : [error]));
  const found: string[] = [];
  if (!entry.expect.includes(verdict)) found.push(`${verdict} instead of ${entry.expect.join(' or ')}`);
  for (const text of entry.never) if (printed.includes(text)) found.push(`showed ${text}`);
  if (entry.allfail_second && outcomes[1]?.verdict === 'pass') found.push('the second test passes');
  if (
    entry.note.includes('must name the missing function') &&
    !errors.every(({ message }) => message.includes("'sq'"))
  )
    found.push('the message does not name the function');
  if (errors.some(({ message }) => Buffer.byteLength(message) > 4096))
    found.push('a message of more than 4 KB');
  if (outcomes.length !== testsOf(entry).length) found.push('a result is missing');
  return found;
}
