import { type ItemBank, itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Item } from '#shared/contracts/items.ts';
import { may, user } from '../../app/session.ts';
import { number } from '../../i18n/index.ts';
import '../../i18n/items.ts';
import '../../i18n/roster-file.ts';

/** May this person change it: its author, or an administrator. */
export const isOwnBank = ({ created_by }: Pick<ItemBank, 'created_by'>): boolean =>
  may(itemBankOperations.updateItemBank) &&
  (created_by === user.value?.user_id || user.value?.role !== 'teacher');

/** Options are called by letters, as on paper. */
export const letterOf = (position: number): string => String.fromCharCode(65 + position);

/** How the body begins, without its Markdown: enough to tell items apart in a list. */
export function titleOfItem({ body }: Pick<Item, 'body'>, most = 120): string {
  const words = body
    .replaceAll(/```\w*\n?/g, ' ')
    .replaceAll(/`|\*\*|^#+ |^> /gm, '')
    .replaceAll(/\$(\S(?:[^$]*\S)?)\$(?!\d)/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return words.length > most ? `${words.slice(0, most - 2).trimEnd()}…` : words;
}

type Parameters = NonNullable<Item['parameters']>;
/** Where the item is hard: b, or the middle of its thresholds. */
export const difficultyOf = (parameters: Parameters): number =>
  'thresholds' in parameters
    ? parameters.thresholds.reduce((sum, value) => sum + value, 0) / parameters.thresholds.length
    : parameters.b;

/** `−0.35`, with the minus of mathematics; nothing is minus zero. */
export const logit = (value: number, digits = 2): string =>
  number(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value, digits).replace('-', '−');

export const looksOfStatus = { draft: '', pilot: 'warn', live: 'good', retired: '' } as const;
