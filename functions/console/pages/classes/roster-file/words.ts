import type * as z from 'zod';
import type { RosterProblem, rosterReport, signInCard } from '#shared/contracts/rosters.ts';
import { locale, t } from '../../../i18n/index.ts';

export type RosterReport = z.infer<typeof rosterReport>;
export type RosterRow = RosterReport['rows'][number];
export type SignInCard = z.infer<typeof signInCard>;

const fieldWords = {
  name: () => t('form.name'),
  username: () => t('form.username'),
  email: () => t('form.email'),
  grade: () => t('class.grade'),
  class: () => t('class.name'),
  row: () => t('rosterFile.row'),
} as const satisfies Record<RosterProblem['field'], () => string>;

/** Why a row is left out: the field, and the rule that it breaks. */
export function reasonOf({ field, rule, detail }: RosterProblem): string {
  // the server says exactly what the form should be, in English
  const words = rule === 'invalid' && locale.value === 'en' ? detail : t(`rosterFile.rule.${rule}`);
  return `${fieldWords[field]()}: ${words}`;
}
