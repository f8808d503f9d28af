import type * as z from 'zod';
import type { assignmentProgress } from '#shared/contracts/assignments.ts';
import { t } from '../../i18n/index.ts';
import { gradeText } from '../exercises/words.ts';

export type Progress = z.output<typeof assignmentProgress>;

/** What a teacher looks for on a board. */
export const needs = ['all', 'review', 'missing', 'struggling', 'done'] as const;
export type Need = (typeof needs)[number];
const fullMark = 100;

export function isWanted(need: Need, { status, grade }: Progress): boolean {
  switch (need) {
    case 'all':
      return true;
    case 'review':
      return status === 'manual_review';
    case 'missing':
      return status === 'not_started';
    case 'struggling':
      return status === 'graded' && (grade ?? 0) < fullMark;
    case 'done':
      return status === 'graded' && grade === fullMark;
  }
}

/** The look of a cell or badge. */
export function lookOf({ status, grade }: Progress): string {
  if (status === 'not_started') return '';
  if (status !== 'graded') return 'accent';
  if (grade === fullMark) return 'good';
  return (grade ?? 0) < fullMark / 2 ? 'bad' : 'warn';
}

/** `85`, `Waiting`, `Not begun` */
export function progressText({ status, grade }: Progress): string {
  if (status === 'not_started') return t('board.notStarted');
  if (status === 'manual_review') return t('board.review');
  if (status === 'graded' && grade !== null) return gradeText(grade);
  return t(`attempt.${status}`);
}
