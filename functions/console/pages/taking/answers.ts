import { typedNumber } from './typed-number.ts';

/** What a student is given of an item. */
export interface Question {
  readonly item_id: string;
  readonly kind: 'choice' | 'multi' | 'numeric' | 'text';
  readonly body: string;
  readonly options: readonly { readonly body: string }[];
  /** Positions of the options in the order to show them. Default: as they are. */
  readonly option_order?: readonly number[];
}

/** The options as they are shown, with the positions that answers name. */
export const shownOptions = ({ options, option_order }: Question) =>
  (option_order ?? options.map((_, position) => position)).flatMap((position) => {
    const option = options[position];
    return option ? [{ position, body: option.body }] : [];
  });

/** As the server takes it: an option, several of them, a number, a text. */
export type Answer = number | readonly number[] | string;

/** As it stands on the page: numbers as they were typed. */
export type Draft = Answer;

/** The answer that a draft stands for; undefined: none yet, or none that can be read. */
export function answerOf({ kind }: Pick<Question, 'kind'>, draft: Draft | undefined): Answer | undefined {
  if (draft === undefined) return undefined;
  if (kind === 'numeric') return typeof draft === 'string' ? typedNumber(draft) : undefined;
  if (kind === 'text') return typeof draft === 'string' && draft.trim() !== '' ? draft : undefined;
  if (kind === 'multi') return Array.isArray(draft) && draft.length > 0 ? draft : undefined;
  return typeof draft === 'number' ? draft : undefined;
}

/** What the page shows for an answer that the server has. */
export const draftOf = ({ kind }: Pick<Question, 'kind'>, answer: Answer): Draft =>
  kind === 'numeric' ? String(answer) : answer;

/** As forms of data want it that is sent or kept. */
export function mutable(answer: Answer | undefined): number | number[] | string | undefined {
  return typeof answer === 'object' ? [...answer] : answer;
}

export const isSameAnswer = (a: Answer | undefined, b: Answer | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** The option at this position, chosen: taken, or with several answers taken and left in turn. */
export function withOption(kind: 'choice' | 'multi', draft: Draft | undefined, position: number): Draft {
  if (kind === 'choice') return position;
  const chosen = Array.isArray(draft) ? draft : [];
  const others = chosen.filter((one) => one !== position);
  return others.length < chosen.length ? others : [...others, position].toSorted((a, b) => a - b);
}
