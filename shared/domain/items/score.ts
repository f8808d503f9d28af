import type { Answer, NumericKey, Question, StoredParameters, TextKey } from './types.ts';

export interface Scored {
  /** What the IRT engine gets: 0 or 1, or a category of a polytomous item. */
  readonly category: number;
  /** Share of the credit, 0 to 1: of a multi item max(0, right − wrong) / keys, else 0 or 1. */
  readonly score: number;
  /** Wholly right. */
  readonly correct: boolean;
}

/** Longest answer in words. */
const longestAnswer = 500;

/** Why an answer cannot be one to the item, in words; undefined when it can. */
export function answerProblem({ kind, options }: Question, answer: unknown): string | undefined {
  const isOption = (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < options.length;
  switch (kind) {
    case 'choice':
      return isOption(answer) ? undefined : `the position of an option, 0 to ${options.length - 1}`;
    case 'multi': {
      const fits = Array.isArray(answer) && answer.every(isOption) && new Set(answer).size === answer.length;
      return fits ? undefined : `a list of positions of options, 0 to ${options.length - 1}, each once`;
    }
    case 'numeric':
      return typeof answer === 'number' && Number.isFinite(answer) ? undefined : 'a number';
    case 'text':
      return typeof answer === 'string' && answer.length <= longestAnswer
        ? undefined
        : `text of at most ${longestAnswer} characters`;
  }
}

/**
 * Scores an answer.
 *
 * - choice: the keyed option. text: one of the accepted answers, see {@link sameText}. numeric: within the tolerance,
 *   see {@link isWithin}.
 * - multi: correct when exactly the keyed options are chosen; each wrong one takes away a right one. With m thresholds
 *   the category is ⌊m · max(0, right − wrong) / keys⌋, else 1 for a correct answer.
 *
 * @throws RangeError where {@link answerProblem} has something to say
 */
export function scoreAnswer(
  item: Question & { readonly parameters?: StoredParameters | null },
  answer: Answer,
): Scored {
  const problem = answerProblem(item, answer);
  if (problem !== undefined) throw new RangeError(`an answer to this item is ${problem}`);
  const score = creditOf(item, answer);
  const correct = score === 1;
  const { parameters } = item;
  if (!parameters || !('thresholds' in parameters)) return { category: correct ? 1 : 0, score, correct };
  return { category: Math.floor(parameters.thresholds.length * score + 1e-9), score, correct };
}

function creditOf(item: Question, answer: Answer): number {
  switch (item.kind) {
    case 'choice':
      return answer === item.key ? 1 : 0;
    case 'multi':
      return Array.isArray(answer) ? shareOf(item.key, answer) : 0;
    case 'numeric':
      return typeof answer === 'number' && isWithin(item.key, answer) ? 1 : 0;
    case 'text':
      return typeof answer === 'string' && isAccepted(item.key, answer) ? 1 : 0;
  }
}

function shareOf(key: readonly number[], chosen: readonly number[]): number {
  const right = chosen.filter((position) => key.includes(position)).length;
  const wrong = chosen.length - right;
  return Math.max(0, right - wrong) / key.length;
}

/** Decimal fractions are not exact in binary: 1.1 is within 0.1 of 1. */
const relativeSlack = 1e-12;

/** |answer − value| ≤ tolerance, or tolerance · |value|, and a slack of 1e-12 of the sizes that are compared. */
export function isWithin({ value, tolerance, tolerance_kind }: NumericKey, answer: number): boolean {
  const allowed = tolerance_kind === 'relative' ? tolerance * Math.abs(value) : tolerance;
  return Math.abs(answer - value) <= allowed + relativeSlack * (Math.abs(value) + allowed);
}

/** Whether two texts are one for a teacher: width and composition (NFKC), blanks, and case unless it counts. */
export const sameText = (a: string, b: string, case_sensitive: boolean): boolean =>
  plainText(a, case_sensitive) === plainText(b, case_sensitive);

const isAccepted = ({ accepted, case_sensitive }: TextKey, answer: string): boolean =>
  accepted.some((one) => sameText(one, answer, case_sensitive));

/** What texts that are one to {@link sameText} have in common. */
export function plainText(text: string, case_sensitive: boolean): string {
  const even = text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim();
  // ß and ss, and both small sigmas, are one to whoever ignores case
  return case_sensitive ? even : even.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}
