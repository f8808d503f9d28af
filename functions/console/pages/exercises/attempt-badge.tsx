import type { Submission } from '#shared/contracts/submissions.ts';
import { t } from '../../i18n/index.ts';
import { gradeText } from './words.ts';

type Judged = Pick<Submission, 'status' | 'grade' | 'late' | 'automated_tests_passed' | 'total_tests'>;

/** The grade, or where the submission is on its way to one. */
export const AttemptBadge = ({ attempt }: { attempt: Judged }) => (
  <span class="row">
    {attempt.late && <span class="badge warn">{t('attempt.late')}</span>}
    <span class={`badge ${lookOf(attempt)}`}>
      {attempt.status === 'graded' && attempt.grade !== null
        ? gradeText(attempt.grade)
        : t(`attempt.${attempt.status}`)}
    </span>
  </span>
);

function lookOf({ status, automated_tests_passed, total_tests }: Judged): string {
  if (status === 'graded') return automated_tests_passed === total_tests ? 'good' : 'warn';
  return 'accent';
}
