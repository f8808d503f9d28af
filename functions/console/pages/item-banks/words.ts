import { type ItemBank, itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Item } from '#shared/contracts/items.ts';
import { may, user } from '../../app/session.ts';
import { locale } from '../../i18n/index.ts';
import '../../i18n/items.ts';
import '../../i18n/roster-file.ts';

/** May this person change it: its author, or an administrator. */
export const isOwnBank = ({ created_by }: Pick<ItemBank, 'created_by'>): boolean =>
  may(itemBankOperations.updateItemBank) &&
  (created_by === user.value?.user_id || user.value?.role !== 'teacher');

/** Options are called by letters, as on paper. */
export const letterOf = (position: number): string => String.fromCharCode(65 + position);

type Parameters = NonNullable<Item['parameters']>;
/** Where the item is hard: b, or the middle of its thresholds. */
export const difficultyOf = (parameters: Parameters): number =>
  'thresholds' in parameters
    ? parameters.thresholds.reduce((sum, value) => sum + value, 0) / parameters.thresholds.length
    : parameters.b;

/** Nothing is minus zero, and the minus is that of mathematics. */
function signed(value: number, least: number, most: number): string {
  const shown = Math.abs(value) < 0.5 * 10 ** -most ? 0 : value;
  return new Intl.NumberFormat(locale.value, { minimumFractionDigits: least, maximumFractionDigits: most })
    .format(shown)
    .replace('-', '−');
}
/** `−0.50`: numbers of a column line up. */
export const logit = (value: number, digits = 2): string => signed(value, digits, digits);
/** `−0.5`: as short as can be, for axes. */
export const tick = (value: number): string => signed(value, 0, 2);

export const looksOfStatus = { draft: '', pilot: 'warn', live: 'good', retired: '' } as const;
