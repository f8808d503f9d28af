import type * as z from 'zod';
import type { Exercise, exerciseSummary } from '#shared/contracts/exercises.ts';
import { isKey, locale, number, plain, t } from '../../i18n/index.ts';

export type ExerciseSummary = z.output<typeof exerciseSummary>;

export const titleOf = ({ title, titles }: Pick<ExerciseSummary, 'title' | 'titles'>): string =>
  titles[locale.value] ?? title;

/** Topics that the first content brings have words in both languages; others are shown as their author wrote them. */
export function topicName(topic: string): string {
  const key = `topic.${topic.toLowerCase()}`;
  return isKey(key) ? plain(key) : topic.charAt(0).toUpperCase() + topic.slice(1);
}

interface Texts {
  readonly title: string;
  readonly problem: string;
  readonly hints: readonly string[];
}
/** The exercise in the reader's language, or as its author wrote it. */
export function textsOf(exercise: Exercise): Texts {
  const translated = exercise.translations[locale.value];
  return {
    title: translated?.title ?? titleOf(exercise),
    problem: translated?.problem_description ?? exercise.problem_description,
    hints: translated && translated.hints.length > 0 ? translated.hints : exercise.hints,
  };
}

/** `84 ms`, `1.4 s` */
export const timeText = (ms: number): string =>
  ms < 1000 ? t('unit.ms', { n: Math.max(1, Math.round(ms)) }) : t('unit.s', { n: number(ms / 1000, 1) });

/** `640 KB`, `12 MB` */
export const memoryText = (kb: number): string =>
  kb < 1024 ? t('unit.kb', { n: number(kb) }) : t('unit.mb', { n: number(kb / 1024) });

export const gradeText = (grade: number): string => number(grade, 1);

/** What the starting file of a language is called. */
export const fileNames = {
  python: 'main.py',
  javascript: 'main.js',
  typescript: 'main.ts',
} as const;
