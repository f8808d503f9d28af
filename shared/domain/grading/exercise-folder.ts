import { ExerciseFolderError, type ExerciseText, parseText, printText } from './exercise-text.ts';
import { highestLimits, runLimits } from './limits.ts';
import { type Checker, type Json, type Language, type Limits, languages, type Test } from './types.ts';

/**
 * An exercise as a folder of files, the form in which exercises are kept, exported and imported:
 *
 *     exercise.json          what it is called, where it belongs, how hard it is, its limits
 *     en.md, ko.md           `# title`, the problem, then `## Hints` or `## 힌트` with a numbered list; ko.md is optional
 *     starter.*, solution.*  .py, .js or .ts
 *     tests.json             the tests; what equals its default is left out
 *     wrong/<name>.*         programs that must fail at least one test
 *     export.json            where an exported exercise comes from; no part of it, and optional
 */

export { ExerciseFolderError, type ExerciseText };

export const difficulties = ['easy', 'medium', 'hard'] as const;
export type Difficulty = (typeof difficulties)[number];

export interface ExerciseContent extends ExerciseText {
  readonly slug: string;
  readonly topic: string;
  /** Null: it belongs to none. */
  readonly module: string | null;
  readonly difficulty: Difficulty;
  readonly language: Language;
  readonly tags: readonly string[];
  readonly estimated_completion_time_min: number;
  readonly limits: Partial<Limits> | null;
  readonly translations: { readonly ko?: ExerciseText };
  readonly starter_code: string;
  readonly solution_code: string;
  readonly tests: readonly Test[];
  /** By name. */
  readonly wrong: readonly { readonly name: string; readonly code: string }[];
}

export const extensions: Readonly<Record<Language, string>> = {
  python: 'py',
  javascript: 'js',
  typescript: 'ts',
};
/** What the export adds to a folder. */
export const exportFile = 'export.json';
const aboutFields = [
  'slug',
  'title',
  'topic',
  'module',
  'difficulty',
  'language',
  'tags',
  'estimated_completion_time_min',
  'limits',
] as const;
const testFields = [
  'id',
  'name',
  'kind',
  'expected',
  'checker',
  'weight',
  'visibility',
  'limits',
  'seed',
] as const;
const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const identifierPattern = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;
const defaultChecker: Checker = { kind: 'lines' };
const defaultTestId = (position: number): string => `t${position + 1}`;

/**
 * The exercise in a folder; `files` maps paths inside the folder to texts. Hidden files, as desktops leave them in
 * archives, are passed over, as is what the export adds; any other file that is no part of an exercise is an error, as is an unknown field.
 * @throws ExerciseFolderError
 */
export function parseExerciseFolder(files: Readonly<Record<string, string>>): ExerciseContent {
  const folder = new Folder(files);
  const about = parseAbout(folder.json('exercise.json'));
  const extension = extensions[about.language];
  const text = parseText('en.md', folder.text('en.md'));
  if (text.title !== about.title)
    throw new ExerciseFolderError('en.md', 'title', `is not the title in exercise.json, “${about.title}”`);
  const exercise: ExerciseContent = {
    ...about,
    ...text,
    translations: folder.has('ko.md') ? { ko: parseText('ko.md', folder.text('ko.md')) } : {},
    starter_code: folder.text(`starter.${extension}`),
    solution_code: folder.text(`solution.${extension}`),
    tests: parseTests(folder.json('tests.json')),
    wrong: parseWrong(folder, extension),
  };
  folder.refuseTheRest(extension);
  return exercise;
}

/** The files of an exercise's folder: `parseExerciseFolder(exerciseFolder(exercise))` equals the exercise. */
export function exerciseFolder(exercise: ExerciseContent): Record<string, string> {
  const extension = extensions[exercise.language];
  const about = Object.fromEntries(aboutFields.map((name) => [name, exercise[name] ?? undefined]));
  const { ko } = exercise.translations;
  return {
    'exercise.json': printJson(about),
    'en.md': printText('en.md', exercise),
    ...(ko === undefined ? {} : { 'ko.md': printText('ko.md', ko) }),
    [`starter.${extension}`]: exercise.starter_code,
    [`solution.${extension}`]: exercise.solution_code,
    'tests.json': printJson(exercise.tests.map(printTest)),
    ...Object.fromEntries(exercise.wrong.map(({ name, code }) => [`wrong/${name}.${extension}`, code])),
  };
}

/** The files by path, and which of them have been asked for. */
class Folder {
  readonly #files: ReadonlyMap<string, string>;
  readonly #used = new Set<string>();
  constructor(files: Readonly<Record<string, string>>) {
    const hidden = (path: string) =>
      path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
    this.#files = new Map(Object.entries(files).filter(([path]) => !hidden(path)));
  }
  has(path: string): boolean {
    return this.#files.has(path);
  }
  /** Without the byte order mark that some editors put in front. */
  text(path: string): string {
    const text = this.#files.get(path);
    if (text === undefined) throw new ExerciseFolderError(path, '', 'is missing');
    this.#used.add(path);
    return text.replace(/^\uFEFF/, '');
  }
  json(path: string): Field {
    const text = this.text(path);
    try {
      return new Field(path, '', JSON.parse(text));
    } catch (error) {
      throw new ExerciseFolderError(
        path,
        '',
        `is not JSON: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
  below(directory: string): string[] {
    return [...this.#files.keys()].filter((path) => path.startsWith(`${directory}/`)).sort();
  }
  refuseTheRest(extension: string): void {
    for (const path of this.#files.keys())
      if (!this.#used.has(path) && path !== exportFile)
        throw new ExerciseFolderError(
          path,
          '',
          `is no file of an exercise whose programs end in .${extension}`,
        );
  }
}

/** A value somewhere in a JSON file, which knows where it is when it is not what it should be. */
class Field {
  readonly #file: string;
  readonly #path: string;
  readonly value: unknown;
  constructor(file: string, path: string, value: unknown) {
    this.#file = file;
    this.#path = path;
    this.value = value;
  }
  refuse(reason: string): never {
    throw new ExerciseFolderError(this.#file, this.#path, reason);
  }
  string(): string {
    return typeof this.value === 'string' ? this.value : this.refuse('should be a string');
  }
  /** One line that shows something, without space around it. */
  line(): string {
    const text = this.string().trim();
    if (text === '' || /[\r\n]/.test(text)) this.refuse('should be one line of text');
    return text;
  }
  matching(pattern: RegExp, what: string): string {
    const text = this.string();
    return pattern.test(text) ? text : this.refuse(`should be ${what}`);
  }
  oneOf<const T extends string>(words: readonly T[]): T {
    return words.find((word) => word === this.value) ?? this.refuse(`should be one of ${words.join(', ')}`);
  }
  number(low: number, high: number): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high) return value;
    return this.refuse(
      high === Number.MAX_VALUE ? `should be a number from ${low}` : `should be from ${low} to ${high}`,
    );
  }
  integer(low: number, high: number): number {
    return Number.isInteger(this.value) ? this.number(low, high) : this.refuse('should be a whole number');
  }
  list(most: number): Field[] {
    if (!Array.isArray(this.value)) return this.refuse('should be a list');
    if (this.value.length > most) return this.refuse(`should have at most ${most} entries`);
    return this.value.map((entry: unknown, at) => new Field(this.#file, `${this.#path}[${at}]`, entry));
  }
  /** The fields of an object that has no others than `known`; an absent one has the value undefined. */
  record<const K extends string>(known: readonly K[]): Record<K, Field> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.refuse('should be an object');
    const entries = new Map<string, unknown>(Object.entries(value));
    const inside = (key: string) =>
      new Field(this.#file, this.#path === '' ? key : `${this.#path}.${key}`, entries.get(key));
    for (const key of entries.keys())
      if (!known.some((name) => name === key))
        inside(key).refuse(`is not known; known are ${known.join(', ')}`);
    // `fromEntries` forgets which keys it was given
    return Object.fromEntries(known.map((key) => [key, inside(key)])) as Record<K, Field>;
  }
  json(): Json {
    if (this.value === undefined) this.refuse('is missing');
    return this.value as Json; // it comes out of JSON.parse
  }
  optional<T, D>(read: (field: Field) => T, otherwise: D): T | D {
    return this.value === undefined || this.value === null ? otherwise : read(this);
  }
}

function parseAbout(about: Field) {
  const field = about.record(aboutFields);
  return {
    slug: field.slug.matching(slugPattern, 'lower-case letters, digits and single hyphens'),
    title: field.title.line(),
    topic: field.topic.line(),
    module: field.module.optional((module) => module.line(), null),
    difficulty: field.difficulty.oneOf(difficulties),
    language: field.language.oneOf(languages),
    tags: field.tags.list(20).map((tag) => tag.line()),
    estimated_completion_time_min: field.estimated_completion_time_min.integer(1, 600),
    limits: field.limits.optional(parseLimits, null),
  };
}

function parseLimits(limits: Field): Partial<Limits> {
  const { cpu_ms, memory_mb, output_bytes } = limits.record(['cpu_ms', 'memory_mb', 'output_bytes']);
  const read = (field: Field, name: keyof Limits) =>
    field.value === undefined ? {} : { [name]: field.integer(1, highestLimits[name]) };
  return {
    ...read(cpu_ms, 'cpu_ms'),
    ...read(memory_mb, 'memory_mb'),
    ...read(output_bytes, 'output_bytes'),
  };
}

function parseTests(file: Field): Test[] {
  const entries = file.list(runLimits.tests);
  const tests = entries.map(parseTest);
  for (const [at, { id }] of tests.entries())
    if (tests.findIndex((test) => test.id === id) !== at)
      entries[at]?.refuse(`has the id of an earlier test, ${id}`);
  return tests;
}

function parseTest(entry: Field, position: number): Test {
  const field = entry.record([...testFields, 'stdin', 'call', 'args']);
  const kind = field.kind.oneOf(['stdio', 'call']);
  entry.record([...testFields, ...(kind === 'stdio' ? ['stdin'] : ['call', 'args'])]);
  const base = {
    id: field.id.optional((id) => id.line(), defaultTestId(position)),
    name: field.name.line(),
    checker: field.checker.optional(parseChecker, defaultChecker),
    weight: field.weight.optional((weight) => weight.number(0, Number.MAX_VALUE), 1),
    visibility: field.visibility.oneOf(['public', 'hidden']),
    limits: field.limits.optional(parseLimits, null),
    seed: field.seed.optional((seed) => seed.integer(0, 2 ** 32 - 1), null),
  };
  if (kind === 'stdio')
    return { ...base, kind, stdin: field.stdin.string(), expected: field.expected.string() };
  return {
    ...base,
    kind,
    call: field.call.matching(identifierPattern, 'the name of a function'),
    args: field.args.list(Number.MAX_SAFE_INTEGER).map((argument) => argument.json()),
    expected: field.expected.json(),
  };
}

function parseChecker(checker: Field): Checker {
  const all = checker.record(['kind', 'tolerance', 'pattern', 'language', 'code']);
  const kind = all.kind.oneOf(['exact', 'lines', 'tokens', 'set', 'float', 'regex', 'custom']);
  if (kind === 'float') {
    checker.record(['kind', 'tolerance']);
    return { kind, tolerance: all.tolerance.number(0, Number.MAX_VALUE) };
  }
  if (kind === 'regex') {
    checker.record(['kind', 'pattern']);
    return { kind, pattern: regularExpression(all.pattern) };
  }
  if (kind === 'custom') {
    checker.record(['kind', 'language', 'code']);
    return { kind, language: all.language.oneOf(languages), code: all.code.string() };
  }
  checker.record(['kind']);
  return { kind };
}

function regularExpression(pattern: Field): string {
  const source = pattern.string();
  try {
    new RegExp(source, 'u');
    return source;
  } catch (error) {
    return pattern.refuse(error instanceof Error ? error.message : 'should be a regular expression');
  }
}

function parseWrong(folder: Folder, extension: string): ExerciseContent['wrong'] {
  const ending = `.${extension}`;
  const programs = folder.below('wrong').filter((path) => path.endsWith(ending));
  return programs.map((path) => {
    const name = path.slice('wrong/'.length, -ending.length);
    if (!slugPattern.test(name))
      throw new ExerciseFolderError(
        path,
        '',
        'should be named by lower-case letters, digits and single hyphens',
      );
    return { name, code: folder.text(path) };
  });
}

/** `undefined` is what JSON leaves out. */
function printTest(test: Test, position: number): object {
  return {
    id: test.id === defaultTestId(position) ? undefined : test.id,
    name: test.name,
    visibility: test.visibility,
    kind: test.kind,
    ...(test.kind === 'stdio' ? { stdin: test.stdin } : { call: test.call, args: test.args }),
    expected: test.expected,
    checker: test.checker.kind === 'lines' ? undefined : test.checker,
    weight: test.weight === 1 ? undefined : test.weight,
    limits: test.limits ?? undefined,
    seed: test.seed ?? undefined,
  };
}

const printJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
