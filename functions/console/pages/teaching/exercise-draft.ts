import * as z from 'zod';
import type { Exercise, ExerciseInput } from '#shared/contracts/exercises.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import { type Locale, locale } from '../../i18n/index.ts';
import { newTest, type TestDraft, testBody, testDraft } from './test-draft.ts';
import { limitsBody, numberOf } from './typed-numbers.ts';

/** What stands in the fields of the editor: text as typed, also where it is no number (yet). */
export interface ExerciseDraft {
  readonly texts: Readonly<Record<Locale, TextDraft>>;
  /** The language in which the exercise was written; the other one is its translation. */
  readonly own: Locale;
  readonly topic: string;
  readonly module: string;
  readonly difficulty: ExerciseInput['difficulty'];
  readonly language: Language;
  readonly tags: string;
  readonly minutes: string;
  readonly starter_code: string;
  readonly solution_code: string;
  readonly tests: readonly TestDraft[];
  readonly cpu_ms: string;
  readonly memory_mb: string;
  readonly practice: boolean;
}
export interface TextDraft {
  readonly title: string;
  readonly problem_description: string;
  readonly hints: readonly string[];
}

const noText: TextDraft = { title: '', problem_description: '', hints: [] };

export const newDraft = (): ExerciseDraft => ({
  texts: { en: noText, ko: noText },
  own: locale.peek(),
  topic: '',
  module: '',
  difficulty: 'easy',
  language: 'python',
  tags: '',
  minutes: '10',
  starter_code: '',
  solution_code: '',
  tests: [newTest()],
  cpu_ms: '',
  memory_mb: '',
  practice: false,
});

const other = (own: Locale): Locale => (own === 'en' ? 'ko' : 'en');
const hangul = /\p{Script=Hangul}/u;

/** Nothing on the wire names the language of an exercise’s own text: the missing translation does, or its letters. */
function ownLocale({ title, problem_description, translations }: Exercise): Locale {
  if (translations.ko && !translations.en) return 'en';
  if (translations.en && !translations.ko) return 'ko';
  return hangul.test(title + problem_description) ? 'ko' : 'en';
}

export function draftOf(exercise: Exercise): ExerciseDraft {
  const own = ownLocale(exercise);
  const { title, problem_description, hints, translations } = exercise;
  const texts = { en: noText, ko: noText, ...translations, [own]: { title, problem_description, hints } };
  return {
    texts,
    own,
    topic: exercise.topic,
    module: exercise.module ?? '',
    difficulty: exercise.difficulty,
    language: exercise.language,
    tags: exercise.tags.join(', '),
    minutes: String(exercise.estimated_completion_time_min),
    starter_code: exercise.starter_code,
    solution_code: exercise.solution_code ?? '',
    tests: (exercise.tests ?? []).map(testDraft),
    cpu_ms: String(exercise.given_limits?.cpu_ms ?? ''),
    memory_mb: String(exercise.given_limits?.memory_mb ?? ''),
    practice: exercise.practice,
  };
}

const isEmpty = ({ title, problem_description, hints }: TextDraft): boolean =>
  title.trim() === '' && problem_description.trim() === '' && hints.length === 0;

/** The language that counts as the exercise’s own: the one it was begun in, unless only the other has a text. */
const ownOf = ({ own, texts }: ExerciseDraft): Locale =>
  isEmpty(texts[own]) && !isEmpty(texts[other(own)]) ? other(own) : own;

/** What is sent; a number that is none is sent as typed, so that the contract refuses it at its field. */
export function bodyOf(draft: ExerciseDraft): Record<string, unknown> {
  const own = ownOf(draft);
  const translation = draft.texts[other(own)];
  return {
    ...draft.texts[own],
    translations: isEmpty(translation) ? {} : { [other(own)]: translation },
    topic: draft.topic,
    module: draft.module.trim() === '' ? null : draft.module,
    difficulty: draft.difficulty,
    language: draft.language,
    tags: draft.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    estimated_completion_time_min: numberOf(draft.minutes),
    starter_code: draft.starter_code,
    solution_code: draft.solution_code,
    tests: draft.tests.map(testBody),
    limits: limitsBody(draft),
    practice: draft.practice,
  };
}

const fields: Readonly<Record<string, string>> = { estimated_completion_time_min: 'minutes' };

/** The field of the draft that a path of the body stands for: `tests.0.expected`, `texts.ko.title`. */
export function fieldOf(draft: ExerciseDraft, path: readonly PropertyKey[]): string {
  const [first = '', ...rest] = path.map(String);
  if (first in noText) return ['texts', ownOf(draft), first, ...rest].join('.');
  if (first === 'translations') return ['texts', ...rest].join('.');
  if (first === 'limits') return rest.join('.');
  if (first === 'tags') return 'tags';
  return [fields[first] ?? first, ...rest].join('.');
}

/** What was kept in the browser may be of an older form of the editor. */
const text = z.object({ title: z.string(), problem_description: z.string(), hints: z.array(z.string()) });
export const keptDraft = z.object({
  version: z.number().nullable(),
  draft: z.object({
    texts: z.object({ en: text, ko: text }),
    own: z.enum(['en', 'ko']),
    topic: z.string(),
    module: z.string(),
    difficulty: z.enum(['easy', 'medium', 'hard']),
    language: z.enum(['python', 'javascript', 'typescript']),
    tags: z.string(),
    minutes: z.string(),
    starter_code: z.string(),
    solution_code: z.string(),
    tests: z.array(
      z.object({
        key: z.string(),
        kind: z.enum(['stdio', 'call']),
        name: z.string(),
        input: z.string(),
        call: z.string(),
        expected: z.string(),
        checker: z.enum(['exact', 'lines', 'tokens', 'set', 'float', 'regex', 'custom']),
        tolerance: z.string(),
        pattern: z.string(),
        checker_language: z.enum(['python', 'javascript', 'typescript']),
        checker_code: z.string(),
        weight: z.string(),
        visibility: z.enum(['public', 'hidden']),
        cpu_ms: z.string(),
        memory_mb: z.string(),
        seed: z.string(),
        output_bytes: z.number().nullable(),
      }),
    ),
    cpu_ms: z.string(),
    memory_mb: z.string(),
    practice: z.boolean(),
  }),
});
