import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { exercisesFolder, readExercises, readFiles } from '#shared/content/exercises.ts';
import { exerciseInput } from '#shared/contracts/exercises.ts';
import { type ExerciseContent, exerciseFolder } from '#shared/domain/grading/exercise-folder.ts';

const line = z.string().regex(/^\S(.*\S)?$/u);
const program = z.string().min(1).max(10_000);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const topic = z.enum([
  'variables',
  'conditionals',
  'loops',
  'functions',
  'strings',
  'collections',
  'files',
  'classes',
  'recursion',
  'algorithms',
]);
const difficulty = z.enum(['easy', 'medium', 'hard']);
const text = z.strictObject({
  title: line.max(80),
  problem_description: z.string().min(200).max(4_000),
  hints: z.array(line.max(500)).min(2).max(4),
});
const checker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['exact', 'lines', 'tokens', 'set']) }),
  z.strictObject({ kind: z.literal('float'), tolerance: z.number().positive() }),
  z.strictObject({ kind: z.literal('regex'), pattern: z.string().startsWith('^').endsWith('$') }),
  z.strictObject({
    kind: z.literal('custom'),
    language: z.enum(['python', 'javascript', 'typescript']),
    code: program,
  }),
]);
const testBase = {
  id: line,
  name: line.max(80),
  checker,
  weight: z.number().positive(),
  visibility: z.enum(['public', 'hidden']),
  limits: z.null(),
  seed: z.null(),
};
const oneTest = z.discriminatedUnion('kind', [
  z.strictObject({ ...testBase, kind: z.literal('stdio'), stdin: z.string(), expected: z.string() }),
  z.strictObject({
    ...testBase,
    kind: z.literal('call'),
    call: z.string().regex(/^[A-Za-z_]\w*$/),
    args: z.array(z.json()),
    expected: z.json(),
  }),
]);
const exercise = z.strictObject({
  ...text.shape,
  slug,
  topic,
  module: line,
  difficulty,
  language: z.enum(['python', 'typescript']),
  tags: z.array(slug.or(z.string().regex(/^[\w.-]+$/))).min(2),
  estimated_completion_time_min: z.int().min(5).max(60),
  limits: z.null(),
  translations: z.strictObject({ ko: text }),
  starter_code: program,
  solution_code: program,
  tests: z.array(oneTest).max(50),
  wrong: z.array(z.strictObject({ name: slug, code: program })).min(3),
});

const exercises = await readExercises();
const inLanguage = (language: string) => exercises.filter((one) => one.language === language);
const inTopic = (some: readonly ExerciseContent[], wanted: string) =>
  some.filter((one) => one.topic === wanted);
const distinct = (values: readonly unknown[]) => new Set(values).size;

describe.each(exercises.map((one) => [one.slug, one] as const))('%s', (_, one) => {
  test('has every field, in both languages', () => {
    expect(z.safeParse(exercise, one).error?.issues).toBeUndefined();
    expect(one.translations.ko?.hints).toHaveLength(one.hints.length);
  });

  test('has the same examples in both languages, and the Korean text is Korean', () => {
    const { ko } = one.translations;
    const fenced = (markdown = '') => markdown.match(/^```\n[\s\S]*?^```$/gm) ?? [];
    expect(fenced(ko?.problem_description)).toEqual(fenced(one.problem_description));
    expect(ko?.problem_description.match(/\p{Script=Hangul}/gu)?.length).toBeGreaterThan(80);
    for (const hint of ko?.hints ?? []) expect(hint).toMatch(/요[.?]/);
    expect(one.problem_description).toContain('## Example');
    expect(ko?.problem_description).toContain('## 예시');
  });

  test('has public tests to learn from and hidden ones to grade, each with an id and a name of its own', () => {
    const seen = one.tests.filter(({ visibility }) => visibility === 'public');
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(one.tests.length - seen.length).toBeGreaterThanOrEqual(4);
    expect(distinct(one.tests.map(({ id }) => id))).toBe(one.tests.length);
    expect(distinct(one.tests.map(({ name }) => name))).toBe(one.tests.length);
    expect(distinct(one.tests.map(inputOf))).toBe(one.tests.length);
    expect(distinct(one.tests.map(({ expected }) => JSON.stringify(expected)))).toBeGreaterThan(1);
  });

  test('calls only functions that starter and solution define', () => {
    for (const each of one.tests) {
      if (each.kind !== 'call') continue;
      const defined = new RegExp(`^(def|function) ${each.call}\\(`, 'm');
      expect(one.starter_code).toMatch(defined);
      expect(one.solution_code).toMatch(defined);
    }
  });

  test('has wrong programs that differ from the solution, the starter and each other', () => {
    const programs = [one.starter_code, one.solution_code, ...one.wrong.map(({ code }) => code)];
    expect(distinct(programs.map((code) => code.trim()))).toBe(programs.length);
  });

  test('could be written by a teacher', () => {
    const { slug: _slug, wrong: _wrong, ...written } = one;
    const tests = one.tests.map(({ id: _id, ...each }) => each);
    expect(exerciseInput.safeParse({ ...written, tests }).error?.issues).toBeUndefined();
  });

  test('is written to the same files as it was read from', async () => {
    const files = await readFiles(fileURLToPath(new URL(`${one.slug}/`, exercisesFolder)));
    expect(exerciseFolder(one)).toEqual(files);
  });
});

const inputOf = (one: ExerciseContent['tests'][number]): string =>
  JSON.stringify(one.kind === 'stdio' ? one.stdin : [one.call, one.args]);

describe('together the exercises', () => {
  test('are three in Python and one in TypeScript for each of ten topics', () => {
    expect(inLanguage('python')).toHaveLength(30);
    expect(inLanguage('typescript')).toHaveLength(10);
    for (const wanted of topic.options) {
      expect(inTopic(inLanguage('python'), wanted), wanted).toHaveLength(3);
      expect(inTopic(inLanguage('typescript'), wanted), wanted).toHaveLength(1);
    }
  });

  test('have slugs and titles of their own', () => {
    expect(distinct(exercises.map((one) => one.slug))).toBe(exercises.length);
    expect(distinct(exercises.map((one) => one.title))).toBe(exercises.length);
    expect(distinct(exercises.map((one) => one.translations.ko?.title))).toBe(exercises.length);
  });

  test('go from easy to hard in either language', () => {
    for (const level of difficulty.options) {
      expect(inLanguage('python').filter((one) => one.difficulty === level).length).toBeGreaterThanOrEqual(6);
      expect(
        inLanguage('typescript').filter((one) => one.difficulty === level).length,
      ).toBeGreaterThanOrEqual(2);
    }
  });

  test('use programs that read and print, functions that are called, and every kind of checker', () => {
    const tests = exercises.flatMap((one) => one.tests);
    expect(new Set(tests.map(({ kind }) => kind))).toEqual(new Set(['stdio', 'call']));
    expect([...new Set(tests.map((each) => each.checker.kind))].sort()).toEqual(
      ['custom', 'exact', 'float', 'lines', 'regex', 'set', 'tokens'].sort(),
    );
  });
});
