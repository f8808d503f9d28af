import type { ComponentChildren } from 'preact';
import type { Submission } from '#shared/contracts/submissions.ts';
import { counted, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Progress } from '../../ui/words.tsx';
import { gradeText } from './words.ts';

interface VerdictHeadProps {
  readonly submission: Submission;
  readonly children?: ComponentChildren;
}

/** The verdict in one sentence, with what to do about it. */
export function VerdictHead({ submission, children }: VerdictHeadProps) {
  const { status, test_results, total_tests } = submission;
  const passed = submission.automated_tests_passed ?? 0;
  const solved = isSolved(submission);
  return (
    <div class={`verdict-head ${solved ? 'good' : ''}`}>
      <div class="verdict-title">
        {solved && (
          <span class="verdict-seal">
            <Icon name="check" size={22} />
          </span>
        )}
        <div class="grow">
          <strong>{headline(submission, solved)}</strong>
          <p class="muted">{advice(submission, solved)}</p>
        </div>
        {submission.grade !== null && <p class="verdict-grade">{gradeWords(submission)}</p>}
      </div>
      {status === 'graded' && test_results !== null && passed > 0 && !solved && (
        <Progress
          value={total_tests === 0 ? 0 : passed / total_tests}
          label={t('verdict.passed', { passed, all: total_tests })}
        />
      )}
      {children}
    </div>
  );
}

const isSolved = ({ status, automated_tests_passed, total_tests }: Submission): boolean =>
  status === 'graded' && total_tests > 0 && automated_tests_passed === total_tests;

/** What a screen reader says of it. */
export function verdictText(submission: Submission): string {
  const solved = isSolved(submission);
  return `${headline(submission, solved)} ${advice(submission, solved)}`;
}

function headline({ status, automated_tests_passed, total_tests }: Submission, solved: boolean): string {
  if (status === 'manual_review') return t('verdict.review');
  if (solved) return t('verdict.solved');
  return automated_tests_passed
    ? t('verdict.passed', { passed: automated_tests_passed, all: total_tests })
    : t('verdict.nothingPassed');
}

function advice({ status, review_reason, test_results, total_tests }: Submission, solved: boolean): string {
  if (status === 'manual_review') return t(`verdict.review${reasons[review_reason ?? 'rule']}`);
  if (solved) return counted('verdict.solvedText', total_tests);
  const isOnlyHidden = test_results?.every(
    ({ status: verdict, visibility }) => verdict === 'pass' || visibility === 'hidden',
  );
  return isOnlyHidden ? t('verdict.againHidden') : t('verdict.again');
}
const reasons = { requested: 'Requested', rule: 'Rule', grader_failed: 'Failed' } as const;

function gradeWords({ grade, raw_grade, late }: Submission): string {
  if (grade === null) return '';
  return late && raw_grade !== null && raw_grade !== grade
    ? t('verdict.lateGrade', { grade: gradeText(grade), raw: gradeText(raw_grade) })
    : t('verdict.grade', { grade: gradeText(grade) });
}
