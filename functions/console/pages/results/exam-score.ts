import type { ExamHistoryEntry } from '#shared/contracts/exam-statistics.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';

/** What a test says of somebody, in a few letters: `512 (455 to 569)`, or the range alone; undefined: nothing. */
export function examScore({ score, band }: Pick<ExamHistoryEntry, 'score' | 'band'>): string | undefined {
  const range = band && t('result.between', { low: number(band.low), high: number(band.high) });
  if (score === null) return range ?? undefined;
  return range === null ? number(score) : `${number(score)} (${range})`;
}
