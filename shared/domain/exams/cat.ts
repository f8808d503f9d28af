import { answerProblem, scoreAnswer } from '../items/score.ts';
import type { Answer, PublishedItem } from '../items/types.ts';
import { highestCategory } from './result.ts';

/** What another delivery system tells of an item, as far as it is looked at (QTI 3.0 result reporting). */
export interface ReportedItem {
  readonly responseVariables?:
    | readonly {
        readonly identifier: string;
        readonly candidateResponse: { readonly value?: readonly Reported[] | undefined };
      }[]
    | undefined;
  readonly outcomeVariables?:
    | readonly {
        readonly identifier: string;
        readonly normalMaximum?: number | undefined;
        readonly value?: readonly Reported[] | undefined;
      }[]
    | undefined;
}
interface Reported {
  readonly value: string;
}

export interface ReportedAnswer {
  readonly category: number;
  /** null: only its score was told. */
  readonly answer: Answer | null;
  readonly milliseconds: number | undefined;
}

/**
 * The answer in a report: the response is scored here, where it is given; else the outcome SCORE counts, as a share of
 * its normalMaximum (1 by default). A report without either, and a response without a value, is no answer: category 0.
 *
 * @throws RangeError for a response that the item cannot have, or a score that is no number
 */
export function reportedAnswer(item: PublishedItem, report: ReportedItem): ReportedAnswer {
  const milliseconds = duration(report);
  const response = report.responseVariables?.find(({ identifier }) => identifier === 'RESPONSE');
  const values = response?.candidateResponse.value?.map(({ value }) => value) ?? [];
  if (values.length > 0) {
    const answer = answerOf(item, values);
    const problem = answerProblem(item, answer);
    if (problem !== undefined)
      throw new RangeError(`the response to item ${item.item_id} must be ${problem}`);
    return { category: scoreAnswer(item, answer).category, answer, milliseconds };
  }
  return { category: scoredCategory(item, report), answer: null, milliseconds };
}

function answerOf({ kind }: PublishedItem, values: readonly string[]): Answer {
  const [first = ''] = values;
  switch (kind) {
    case 'choice':
      return positionOf(first);
    case 'multi':
      return values.map(positionOf).sort((a, b) => a - b);
    case 'numeric':
      return first.trim() === '' ? Number.NaN : Number(first);
    case 'text':
      return first;
  }
}

/** `2` and `choice-2`, `choice_2`: the position in the stored order, from 0. */
const positionOf = (identifier: string): number => {
  const digits = /^(?:choice[-_]?)?(\d{1,3})$/i.exec(identifier.trim())?.[1];
  return digits === undefined ? Number.NaN : Number(digits);
};

function scoredCategory(item: PublishedItem, { outcomeVariables }: ReportedItem): number {
  const outcome = outcomeVariables?.find(({ identifier }) => identifier === 'SCORE');
  const told = outcome?.value?.[0]?.value;
  if (told === undefined) return 0;
  const score = Number(told);
  if (told.trim() === '' || !Number.isFinite(score))
    throw new RangeError(`the SCORE of item ${item.item_id} must be a number`);
  const share = Math.min(1, Math.max(0, score / (outcome?.normalMaximum ?? 1)));
  return Math.floor(highestCategory(item.parameters) * share + 1e-9);
}

/** QTI's built-in `duration`, in seconds. */
function duration({ responseVariables, outcomeVariables }: ReportedItem): number | undefined {
  const isDuration = ({ identifier }: { readonly identifier: string }) =>
    identifier.toLowerCase() === 'duration';
  const told =
    responseVariables?.find(isDuration)?.candidateResponse.value?.[0]?.value ??
    outcomeVariables?.find(isDuration)?.value?.[0]?.value;
  const seconds = Number(told);
  return told === undefined || told.trim() === '' || !(seconds >= 0) ? undefined : Math.round(1000 * seconds);
}
