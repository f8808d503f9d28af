import type { Submission } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { gradeText } from '../exercises/words.ts';
import { numberOf } from './typed-numbers.ts';

interface DecisionFormProps {
  readonly submission: Submission;
  readonly onDecided: (submission: Submission) => void;
}

/** The teacher's own judgement: a grade, words, or both. It counts before what the tests say. */
export function DecisionForm({ submission, onDecided }: DecisionFormProps) {
  const { submission_id, status, grade, raw_grade } = submission;
  const isWaiting = status === 'manual_review';
  const suggested = grade ?? raw_grade;
  const form = useDecision(submission_id, onDecided);
  return (
    <form class="card decision" noValidate onSubmit={form.onSubmit}>
      <div class="card-head">
        <h2>{t('decide.title')}</h2>
        {grade !== null && (
          <span class="small muted numbers">{t('decide.now', { grade: gradeText(grade) })}</span>
        )}
      </div>
      <div class="card-body stack">
        <Field
          label={t('decide.grade')}
          hint={t(isWaiting ? 'decide.hintWaiting' : 'decide.hint')}
          problem={form.problems.grade}
        >
          {(control) => (
            <span class="grade-input">
              <input
                {...control}
                {...form.control('grade')}
                inputMode="decimal"
                autoComplete="off"
                placeholder={suggested === null ? '' : gradeText(suggested)}
              />
              <span class="muted">/ 100</span>
            </span>
          )}
        </Field>
        <Field label={t('decide.feedback')} problem={form.problems.feedback} optional>
          {(control) => (
            <textarea
              {...control}
              {...form.control('feedback')}
              class="control short"
              rows={3}
              maxLength={10_000}
            />
          )}
        </Field>
        <Failure error={form.failure} />
        <div class="row">
          <Button kind="primary" submit busy={form.busy}>
            {t('decide.action')}
          </Button>
        </div>
      </div>
    </form>
  );
}

function useDecision(submission_id: string, onDecided: (submission: Submission) => void) {
  return useForm(
    { grade: '', feedback: '' },
    {
      check: (values) => ({
        grade:
          (values.grade.trim() === '' && values.feedback.trim() === '' && t('decide.nothing')) ||
          (values.grade.trim() !== '' && !isGrade(values.grade) && t('decide.gradeRange')),
      }),
      submit: async ({ grade, feedback }, idempotency_key) => {
        const body = {
          ...(grade.trim() !== '' && { grade: numberOf(grade) as number }),
          ...(feedback.trim() !== '' && { feedback }),
        };
        onDecided(await api.submissions.requestReview({ params: { submission_id }, body, idempotency_key }));
        toast('good', t('decide.done'));
      },
    },
  );
}

const isGrade = (typed: string): boolean => {
  const value = Number(typed);
  return Number.isFinite(value) && value >= 0 && value <= 100;
};
