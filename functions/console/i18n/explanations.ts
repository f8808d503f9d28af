import { explanations as en } from './en/explanations.ts';
import { locale } from './index.ts';
import { explanations as ko } from './ko/explanations.ts';

export type ExplanationId = keyof typeof en;
interface Explanation {
  readonly what: string;
  readonly try: string;
}
export type Explanations = Readonly<Record<ExplanationId, Explanation>>;

const catalogues = { en, ko } as const;

/** What an error means and what to try; fetched with the pages that need it, so not part of the main catalogue. */
export function explanation(id: ExplanationId, parts: readonly string[]): Explanation {
  const words: Explanation = catalogues[locale.value][id];
  const fill = (text: string) =>
    text.replaceAll(/\{(\d)\}/g, (_, index: string) => parts[Number(index) - 1] ?? '');
  return { what: fill(words.what), try: words.try };
}
