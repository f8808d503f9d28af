import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  difficulties,
  type ExerciseContent,
  ExerciseFolderError,
  exerciseFolder,
  parseExerciseFolder,
} from '#shared/domain/grading/exercise-folder.ts';
import { type Checker, type Json, languages, type Test } from '#shared/domain/grading/types.ts';

const example: ExerciseContent = {
  slug: 'echo',
  title: 'Echo',
  topic: 'strings',
  module: null,
  difficulty: 'easy',
  language: 'python',
  tags: ['input'],
  estimated_completion_time_min: 5,
  limits: null,
  problem_description: 'Print what you read.\n\n## Hints\n\nThere are none up here.',
  hints: ['Read a line.', 'Print it:\n\n    print(input())\n\nThat is all.'],
  translations: { ko: { title: '메아리', problem_description: '읽은 것을 출력하세요.', hints: [] } },
  starter_code: '',
  solution_code: 'print(input())\n',
  tests: [
    {
      id: 't1',
      name: 'Hello',
      kind: 'stdio',
      stdin: 'hello\n',
      expected: 'hello\n',
      checker: { kind: 'lines' },
      weight: 1,
      visibility: 'public',
      limits: null,
      seed: null,
    },
  ],
  wrong: [{ name: 'says-nothing', code: 'input()\n' }],
};
const folder = (more: Record<string, string | undefined> = {}): Record<string, string> => {
  const entries = Object.entries({ ...exerciseFolder(example), ...more });
  return Object.fromEntries(entries.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
};
const changed = (file: string, change: (value: Record<string, unknown>) => unknown): Record<string, string> =>
  folder({ [file]: JSON.stringify(change(JSON.parse(folder()[file] ?? ''))) });
const refusal = (files: Record<string, string>): ExerciseFolderError => {
  try {
    parseExerciseFolder(files);
  } catch (error) {
    if (error instanceof ExerciseFolderError) return error;
    throw error;
  }
  throw new Error('The folder was accepted.');
};
const about = (more: object) => changed('exercise.json', (value) => ({ ...value, ...more }));
const firstTest = (more: object) =>
  folder({ 'tests.json': JSON.stringify([{ ...JSON.parse(folder()['tests.json'] ?? '')[0], ...more }]) });

describe('writing an exercise and reading it again', () => {
  const slug = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}$/);
  const anyText = fc.string({ unit: 'binary' });
  const line = fc
    .oneof(anyText, fc.constantFrom('# a', '1. b', '## Hints', '`c`', '다'))
    .map((value) => value.replaceAll(/[\r\n]/g, ' ').trim())
    .filter((value) => value !== '');
  const markdown = fc
    .array(
      fc.oneof(
        anyText,
        fc.constantFrom('', '  ', '## Hints', '## 힌트', '1. one', '12. two', '   x', '```', '# y'),
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((lines) => lines.join('\n').replaceAll('\r', ' ').trim())
    .filter((value) => value !== '');
  const text = { title: line, problem_description: markdown, hints: fc.array(markdown, { maxLength: 12 }) };
  const json = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)));
  const code = fc
    .oneof(anyText, fc.constant('print("a")\r\n\tx\n\n'))
    .map((value) => value.replace(/^\uFEFF+/, ''));
  const whole = (max: number) => fc.integer({ min: 1, max });
  const limits = fc.record(
    { cpu_ms: whole(10_000), memory_mb: whole(256), output_bytes: whole(262_144) },
    { requiredKeys: [] },
  );
  const size = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(Math.abs);
  const checker = fc.oneof(
    fc.record({ kind: fc.constantFrom('exact', 'lines', 'tokens', 'set') }),
    fc.record({ kind: fc.constant('float'), tolerance: size }),
    fc.record({ kind: fc.constant('regex'), pattern: fc.constantFrom('^a+$', '\\p{L}', '') }),
    fc.record({ kind: fc.constant('custom'), language: fc.constantFrom(...languages), code }),
  ) as fc.Arbitrary<Checker>; // `record` widens the literals
  const base = {
    id: line,
    name: line,
    checker,
    weight: size,
    visibility: fc.constantFrom('public', 'hidden'),
    limits: fc.option(limits),
    seed: fc.option(fc.integer({ min: 0, max: 2 ** 32 - 1 })),
  };
  const name = fc.constantFrom('solve', '_x1', '함수');
  const oneTest = fc.oneof(
    fc.record({ ...base, kind: fc.constant('stdio'), stdin: anyText, expected: anyText }),
    fc.record({ ...base, kind: fc.constant('call'), call: name, args: fc.array(json), expected: json }),
  ) as fc.Arbitrary<Test>;
  const exercise: fc.Arbitrary<ExerciseContent> = fc.record({
    ...text,
    slug,
    topic: line,
    module: fc.option(line),
    difficulty: fc.constantFrom(...difficulties),
    language: fc.constantFrom(...languages),
    tags: fc.array(line, { maxLength: 20 }),
    estimated_completion_time_min: whole(600),
    limits: fc.option(limits),
    translations: fc.record({ ko: fc.record(text) }, { requiredKeys: [] }),
    starter_code: code,
    solution_code: code,
    tests: fc.uniqueArray(oneTest, { maxLength: 12, selector: ({ id }) => id }),
    wrong: fc
      .uniqueArray(fc.record({ name: slug, code }), { maxLength: 5, selector: (program) => program.name })
      .map((programs) => programs.sort((a, b) => (`${a.name}.` < `${b.name}.` ? -1 : 1))),
  });

  test('gives the same exercise, whatever it says', () => {
    fc.assert(
      fc.property(exercise, (one) => {
        expect(parseExerciseFolder(exerciseFolder(one))).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  test('gives the same files', () => {
    fc.assert(
      fc.property(exercise, (one) => {
        const files = exerciseFolder(one);
        expect(exerciseFolder(parseExerciseFolder(files))).toEqual(files);
      }),
    );
  });

  test('leaves out what equals its default', () => {
    expect(JSON.parse(folder()['tests.json'] ?? '')).toEqual([
      { name: 'Hello', visibility: 'public', kind: 'stdio', stdin: 'hello\n', expected: 'hello\n' },
    ]);
    expect(folder()['exercise.json']).not.toContain('limits');
  });
});

describe('a folder as people make it', () => {
  test('may come from Windows and from a Mac', () => {
    const files = folder({
      'en.md': `\uFEFF${folder()['en.md']?.replaceAll('\n', '\r\n')}`,
      'starter.py': '\uFEFFx = 1\n',
      '.DS_Store': 'x',
      '__MACOSX/._en.md': 'x',
      'wrong/.DS_Store': 'x',
    });
    expect(parseExerciseFolder(files)).toEqual({ ...example, starter_code: 'x = 1\n' });
  });

  test('may come from an export, which adds where it is from', () => {
    expect(parseExerciseFolder(folder({ 'export.json': '{"version": 2}' }))).toEqual(example);
    expect(refusal(folder({ 'wrong/export.json': '{}' })).file).toBe('wrong/export.json');
  });

  test('may do without a Korean text and without hints', () => {
    const files = folder({ 'ko.md': undefined, 'en.md': '# Echo\nPrint what you read.\n' });
    expect(parseExerciseFolder(files)).toMatchObject({
      problem_description: 'Print what you read.',
      hints: [],
      translations: {},
    });
  });

  test('may number its hints as it likes and continue them without indentation', () => {
    const files = folder({ 'en.md': '# Echo\n\nPrint.\n\n## Hints  \n\n1. One\nmore of one\n\n1. Two\n' });
    expect(parseExerciseFolder(files).hints).toEqual(['One\nmore of one', 'Two']);
  });

  test('may say null where something is absent', () => {
    const files = firstTest({ limits: null, seed: null, checker: null });
    expect(parseExerciseFolder(files)).toEqual(example);
  });
});

describe('a folder that is no exercise is refused by file and field:', () => {
  const cases: readonly (readonly [
    what: string,
    files: Record<string, string>,
    file: string,
    field: string,
  ])[] = [
    ['no exercise.json', folder({ 'exercise.json': undefined }), 'exercise.json', ''],
    ['broken JSON', folder({ 'tests.json': '[{' }), 'tests.json', ''],
    ['a list for an object', folder({ 'exercise.json': '[]' }), 'exercise.json', ''],
    ['a slug with a path in it', about({ slug: '../echo' }), 'exercise.json', 'slug'],
    ['no title', about({ title: ' ' }), 'exercise.json', 'title'],
    ['another title in the text', about({ title: 'Noise' }), 'en.md', 'title'],
    ['an unknown difficulty', about({ difficulty: 'brutal' }), 'exercise.json', 'difficulty'],
    ['an unknown language', about({ language: 'cobol' }), 'exercise.json', 'language'],
    ['a tag that is no text', about({ tags: ['a', 1] }), 'exercise.json', 'tags[1]'],
    [
      'no time',
      about({ estimated_completion_time_min: 0 }),
      'exercise.json',
      'estimated_completion_time_min',
    ],
    [
      'half a minute',
      about({ estimated_completion_time_min: 0.5 }),
      'exercise.json',
      'estimated_completion_time_min',
    ],
    ['limits beyond the highest', about({ limits: { cpu_ms: 10_001 } }), 'exercise.json', 'limits.cpu_ms'],
    ['an unknown limit', about({ limits: { disk: 1 } }), 'exercise.json', 'limits.disk'],
    ['a misspelt field', about({ dificulty: 'easy' }), 'exercise.json', 'dificulty'],
    ['no English text', folder({ 'en.md': undefined }), 'en.md', ''],
    ['a text without a title', folder({ 'ko.md': '읽은 것을 출력하세요.' }), 'ko.md', 'title'],
    [
      'a text without a problem',
      folder({ 'ko.md': '# 메아리\n\n## 힌트\n\n1. 하나' }),
      'ko.md',
      'problem_description',
    ],
    [
      'hints that are no list',
      folder({ 'ko.md': '# 메아리\n\n출력하세요.\n\n## 힌트\n\n하나' }),
      'ko.md',
      'hints',
    ],
    [
      'an empty hint',
      folder({ 'ko.md': '# 메아리\n\n출력하세요.\n\n## 힌트\n\n1. 하나\n2. ' }),
      'ko.md',
      'hints[1]',
    ],
    ['no starter', folder({ 'starter.py': undefined }), 'starter.py', ''],
    ['no solution', folder({ 'solution.py': undefined }), 'solution.py', ''],
    ['a program in another language', folder({ 'solution.js': '' }), 'solution.js', ''],
    ['a wrong program in another language', folder({ 'wrong/a.js': '' }), 'wrong/a.js', ''],
    ['a wrong program with an odd name', folder({ 'wrong/a b.py': '' }), 'wrong/a b.py', ''],
    ['a file that belongs nowhere', folder({ 'notes.txt': '' }), 'notes.txt', ''],
    ['a test without a name', firstTest({ name: undefined }), 'tests.json', '[0].name'],
    ['a test of an unknown kind', firstTest({ kind: 'guess' }), 'tests.json', '[0].kind'],
    ['input of the other kind', firstTest({ args: [] }), 'tests.json', '[0].args'],
    ['no input', firstTest({ stdin: undefined }), 'tests.json', '[0].stdin'],
    ['an expected number on stdout', firstTest({ expected: 5 }), 'tests.json', '[0].expected'],
    ['a negative weight', firstTest({ weight: -1 }), 'tests.json', '[0].weight'],
    ['an unknown visibility', firstTest({ visibility: 'secret' }), 'tests.json', '[0].visibility'],
    ['no visibility', firstTest({ visibility: undefined }), 'tests.json', '[0].visibility'],
    ['a seed too large', firstTest({ seed: 2 ** 32 }), 'tests.json', '[0].seed'],
    ['an unknown checker', firstTest({ checker: { kind: 'magic' } }), 'tests.json', '[0].checker.kind'],
    ['no tolerance', firstTest({ checker: { kind: 'float' } }), 'tests.json', '[0].checker.tolerance'],
    [
      'a tolerance for lines',
      firstTest({ checker: { kind: 'lines', tolerance: 1 } }),
      'tests.json',
      '[0].checker.tolerance',
    ],
    [
      'a broken pattern',
      firstTest({ checker: { kind: 'regex', pattern: '(' } }),
      'tests.json',
      '[0].checker.pattern',
    ],
    [
      'a checker without code',
      firstTest({ checker: { kind: 'custom', language: 'python' } }),
      'tests.json',
      '[0].checker.code',
    ],
    ['51 tests', folder({ 'tests.json': JSON.stringify(Array(51).fill({})) }), 'tests.json', ''],
    [
      'a call of no function',
      firstTest({ kind: 'call', stdin: undefined, call: 'f()', args: [] }),
      'tests.json',
      '[0].call',
    ],
    [
      'a call without an expected value',
      firstTest({ kind: 'call', stdin: undefined, call: 'f', args: [], expected: undefined }),
      'tests.json',
      '[0].expected',
    ],
    [
      'two tests of one id',
      folder({ 'tests.json': JSON.stringify([testNamed('a', 't2'), testNamed('b')]) }),
      'tests.json',
      '[1]',
    ],
  ];
  test.each(cases)('%s', (_, files, file, field) => {
    const error = refusal(files);
    expect({ file: error.file, field: error.field }).toEqual({ file, field });
    expect(error.message.startsWith(field === '' ? `${file}: ` : `${file}, ${field}: `)).toBe(true);
  });
});

function testNamed(name: string, id?: string) {
  return { id, name, kind: 'stdio', stdin: '', expected: '', visibility: 'hidden' };
}
