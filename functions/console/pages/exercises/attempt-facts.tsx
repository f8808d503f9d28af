import type { Submission } from '#shared/contracts/submissions.ts';
import { t } from '../../i18n/index.ts';
import { Failure } from '../../ui/feedback.tsx';
import { Ago } from '../../ui/words.tsx';
import { CommentCard, CommentForm, type Comments } from './comments.tsx';
import { gradeText, memoryText, timeText } from './words.ts';

interface AttemptFactsProps {
  readonly submission: Submission;
  readonly comments: Comments;
}

/** What people said of an attempt, and how it came by its grade. */
export function AttemptFacts({ submission, comments }: AttemptFactsProps) {
  const { feedback, review_note, gradings } = submission;
  const general = (comments.items ?? []).filter(({ line }) => line === null);
  return (
    <>
      <section class="card">
        <div class="card-head">
          <h2>{t('comments.title')}</h2>
        </div>
        <div class="card-body stack">
          {feedback !== null && <p class="feedback">{feedback}</p>}
          {review_note !== null && <p class="small muted">{t('review.asked', { note: review_note })}</p>}
          {comments.error !== undefined && <Failure error={comments.error} retry={comments.reload} />}
          {comments.items && general.length === 0 && feedback === null && (
            <p class="muted">{t('comments.none')}</p>
          )}
          {general.map((comment) => (
            <CommentCard key={comment.comment_id} comment={comment} />
          ))}
          <CommentForm submission_id={submission.submission_id} line={null} onAdded={comments.add} />
        </div>
      </section>
      <section class="card card-body">
        <dl class="facts">
          <Fact label={t('attempt.version')} value={String(submission.exercise_version)} />
          {submission.execution_time_ms !== null && (
            <Fact label={t('attempt.time')} value={timeText(submission.execution_time_ms)} />
          )}
          {submission.memory_usage_kb !== null && (
            <Fact label={t('attempt.memory')} value={memoryText(submission.memory_usage_kb)} />
          )}
        </dl>
        {gradings.length > 0 && <Gradings gradings={gradings} />}
      </section>
    </>
  );
}

const Fact = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);

/** Every judgement of the submission, the newest counts. */
const Gradings = ({ gradings }: Pick<Submission, 'gradings'>) => (
  <div class="gradings">
    <h3 class="field-label">{t('attempt.history')}</h3>
    <ol>
      {gradings.map((grading) => (
        <li key={grading.number} class="grading">
          <span>
            {grading.grader_name ?? t(`attempt.gradedBy.${grading.grader}`)},{' '}
            {t(`attempt.reason.${grading.reason}`)}
            <small>
              <Ago at={grading.at} />
            </small>
          </span>
          <strong>{grading.grade === null ? '–' : gradeText(grading.grade)}</strong>
        </li>
      ))}
    </ol>
  </div>
);
