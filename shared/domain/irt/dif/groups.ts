import { at } from '../bank.ts';
import { type Responses, UNANSWERED } from '../calibrate/responses.ts';

export interface DifOptions {
  /** Items to study; all by default. */
  readonly items?: readonly number[];
  /**
   * What persons are matched by, for each row; by default the sum score with the studied item. Of an adaptive test the
   * estimated θ, for Mantel–Haenszel rounded to ten or so different values.
   */
  readonly matching?: ArrayLike<number>;
  /** Items that sum up to the matching score, besides the studied one; all by default. */
  readonly anchors?: readonly number[];
}

/** A is negligible, B moderate, C large: a person must look at it. */
export type DifClass = 'A' | 'B' | 'C';

/** One answer to the studied item. */
export interface MatchedAnswer {
  readonly right: boolean;
  readonly focal: boolean;
  readonly score: number;
  readonly count: number;
}

/**
 * The answers to one item with each person's matching score; persons who did not answer it are left out, other
 * unanswered items count as wrong.
 * @throws RangeError for other categories than 0 and 1, or groups and matching scores that are not one for each row
 */
export function matchedAnswers(
  responses: Responses,
  focal: ArrayLike<boolean | number>,
  item: number,
  { matching, anchors }: DifOptions,
): MatchedAnswer[] {
  const { rows, items, data, counts } = responses;
  if (!Number.isInteger(item) || item < 0 || item >= items)
    throw new RangeError(`there is no item ${item} among ${items}`);
  if (focal.length !== rows) throw new RangeError(`${rows} rows have ${focal.length} groups`);
  if (matching !== undefined && matching.length !== rows)
    throw new RangeError(`${rows} rows have ${matching.length} matching scores`);
  const summed = new Set(anchors ?? Array.from({ length: items }, (_, i) => i)).add(item);
  const answers: MatchedAnswer[] = [];
  for (let r = 0; r < rows; r++) {
    const category = at(data, r * items + item);
    if (category === UNANSWERED) continue;
    if (category > 1)
      throw new RangeError(`row ${r}, item ${item}: category ${category} is neither right nor wrong`);
    let score = matching?.[r] ?? 0;
    if (matching === undefined) for (const i of summed) score += Math.max(0, at(data, r * items + i));
    answers.push({ right: category === 1, focal: Boolean(focal[r]), score, count: at(counts, r) });
  }
  return answers;
}

export const studied = ({ items }: Responses, options: DifOptions): readonly number[] =>
  options.items ?? Array.from({ length: items }, (_, i) => i);
