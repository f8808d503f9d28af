import { effect, signal } from '@preact/signals';
import { remember, remembered } from '../app/storage.ts';
import type { calibrations } from './en/calibrations.ts';
import type { classExams } from './en/class-exams.ts';
import type { examPlans } from './en/exam-plans.ts';
import type { imports } from './en/imports.ts';
import type { items } from './en/items.ts';
import type { pictures } from './en/pictures.ts';
import type { quizzes } from './en/quizzes.ts';
import type { rosterFile } from './en/roster-file.ts';
import type { studio } from './en/studio.ts';
import type { taking } from './en/taking.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

export type Locale = 'en' | 'ko';
type English = typeof en &
  typeof taking &
  typeof studio &
  typeof imports &
  typeof rosterFile &
  typeof pictures &
  typeof items &
  typeof classExams &
  typeof examPlans &
  typeof quizzes &
  typeof calibrations;
export type Key = keyof English;
/** Korean has every key of English: a missing or surplus one is a compile error. */
export type Catalogue = Readonly<Record<Key, string>>;

// complete wherever they are asked: the pages that need more words bring them
const catalogues = { en, ko } as Record<Locale, Catalogue>;

/** Adds the words of pages that are loaded later, before these are drawn. */
export function addWords(words: Readonly<Record<Locale, Partial<Catalogue>>>): void {
  catalogues.en = { ...catalogues.en, ...words.en };
  catalogues.ko = { ...catalogues.ko, ...words.ko };
}

const stored = remembered('locale');
const ofBrowser: Locale = navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
export const locale = signal<Locale>(stored === 'en' || stored === 'ko' ? stored : ofBrowser);

export function chooseLocale(choice: Locale): void {
  locale.value = choice;
  remember('locale', choice);
}
effect(() => {
  document.documentElement.lang = locale.value;
});

type Names<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
type Values<K extends Key> = [Names<English[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Names<English[K]>, string | number>>];

/** The words for `key` in the chosen language, with `{name}` replaced by its value. */
export function t<K extends Key>(key: K, ...[values]: Values<K>): string {
  return fill(catalogues[locale.value][key], values ?? {});
}

const fill = (words: string, values: Readonly<Record<string, string | number>>): string =>
  words.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    return typeof value === 'number' ? number(value) : (value ?? '');
  });

type Counted = Key extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;
/** `3 students`: the form that the language uses for this number. */
export function counted(base: Counted, n: number): string {
  const form = new Intl.PluralRules(locale.value).select(n) === 'one' ? 'one' : 'other';
  const key = `${base}.${form}`;
  return fill(isKey(key) ? catalogues[locale.value][key] : '', { n });
}

/** Keys that are made at run time (roles, states, error codes) are looked up before use. */
export const isKey = (key: string): key is Key => Object.hasOwn(catalogues.en, key);
export const plain = (key: Key): string => catalogues[locale.value][key];

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value);
}

/** Losses and divergences span magnitudes: three significant digits, powers of ten only for the tiny. */
export function significant(value: number): string {
  const words =
    value !== 0 && Math.abs(value) < 0.0001
      ? powerOfTen(value)
      : new Intl.NumberFormat(locale.value, { maximumSignificantDigits: 3 }).format(value);
  return words.replaceAll('-', '−');
}

/** `1.4×10⁻⁶` */
function powerOfTen(value: number): string {
  const [factor = '', exponent = ''] = value.toExponential(1).split('e');
  return `${factor}×10${Array.from(exponent, (digit) => raised[digit] ?? '').join('')}`;
}
const raised: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('-0123456789', (digit, index) => [digit, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(index)]),
);

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

export function relativeTime(at: string, nowMs: number): string {
  const seconds = (Date.parse(at) - nowMs) / 1000;
  const format = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' });
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return t('time.justNow');
}

export const exactTime = (at: string): string =>
  new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));

/** `25 minutes`: how long something may take. */
export function timeLimit(seconds: number): string {
  const [value, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return new Intl.NumberFormat(locale.value, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** `1 h 5 min`, `2 min 8 s`, `9 s` */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t('time.seconds', { s });
  if (s < 3_600) return t('time.minutes', { m: Math.floor(s / 60), s: s % 60 });
  return t('time.hours', { h: Math.floor(s / 3_600), m: Math.floor((s % 3_600) / 60) });
}
