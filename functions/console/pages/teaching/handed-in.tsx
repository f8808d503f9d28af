import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { type Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { may, user } from '../../app/session.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago } from '../../ui/words.tsx';
import { Attempt } from '../exercises/attempt.tsx';
import { AttemptBadge } from '../exercises/attempt-badge.tsx';
import { AttemptCode } from '../exercises/attempt-code.tsx';
import { AttemptFacts } from '../exercises/attempt-facts.tsx';
import { useComments } from '../exercises/comments.tsx';
import { isJudged, LiveSubmission } from '../exercises/live-submission.ts';
import { ReceiptButton } from '../exercises/receipt-button.tsx';
import { VerdictTable } from '../exercises/verdict-table.tsx';
import { gradeText } from '../exercises/words.ts';
import { CommentableCode } from './commentable-code.tsx';
import { DecisionForm } from './decision-form.tsx';
import { RedriveButton } from './redrive-button.tsx';

/** What somebody handed in: to its author and their family the attempt, to their teacher the work to judge. */
export function HandedIn({ id }: { id: string }) {
  const { data, error, reload, set } = useResource(`submission.${id}`, (signal) =>
    api.submissions.getSubmission({ params: { submission_id: id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  const isOwn = data.student_id === user.value?.user_id;
  if (isOwn || !may(exerciseOperations.listVersions)) return <Attempt id={id} />;
  return <Work key={id} submission={data} onChanged={set} />;
}

interface WorkProps {
  readonly submission: Submission;
  readonly onChanged: (submission: Submission) => void;
}
function Work({ submission, onChanged }: WorkProps) {
  const comments = useComments(submission.submission_id);
  const live = useMemo(() => new LiveSubmission(onChanged), []);
  const waits = !isJudged(submission);
  useEffect(() => {
    if (waits) live.follow(submission);
    return () => live.dispose();
  }, [waits]);
  const decided = useSignal(0);
  const { attempt_number: n, student_name, exercise_title, test_results } = submission;
  return (
    <>
      <PageHead
        title={t('work.title', { name: student_name, title: exercise_title })}
        back={backOf(submission)}
        lead={
          <span class="row">
            <AttemptBadge attempt={submission} />
            <span>
              {t('attempt.title', { n })} · <Ago at={submission.submission_time} />
            </span>
          </span>
        }
      >
        {submission.status === 'graded' && <ReceiptButton submission={submission} />}
      </PageHead>
      <WhyHere submission={submission} onChanged={onChanged} />
      <div class="attempt-grid">
        <div class="stack-l">
          <CommentableCode submission={submission} comments={comments}>
            <AttemptCode submission={submission} comments={comments} />
          </CommentableCode>
          {may(submissionOperations.requestReview) && isJudged(submission) && (
            <DecisionForm
              key={decided.value}
              submission={submission}
              onDecided={(next) => {
                decided.value += 1;
                onChanged(next);
              }}
            />
          )}
        </div>
        <div class="stack">
          <section class="card" aria-label={t('verdict.tests')}>
            <div class="card-head">
              <h2>{t('verdict.tests')}</h2>
              <span class="small muted numbers">{testsText(submission)}</span>
            </div>
            {test_results ? (
              <VerdictTable results={test_results} language={submission.language} />
            ) : (
              <p class="card-body muted">{t('work.noResults')}</p>
            )}
          </section>
          <AttemptFacts submission={{ ...submission, review_note: null }} comments={comments} />
        </div>
      </div>
    </>
  );
}

/** Why a person has to look, in the student's own words where they asked. */
function WhyHere({ submission, onChanged }: WorkProps) {
  const { status, review_reason, review_note } = submission;
  if (status !== 'manual_review' || review_reason === null)
    return review_note === null ? null : (
      <p class="asked-before muted">{t('work.asked', { note: review_note })}</p>
    );
  return (
    <div class="why-here">
      <Note kind={review_reason === 'grader_failed' ? 'bad' : 'warn'} icon="comment">
        {t(`work.why.${review_reason}`)}
        {review_note !== null && <q class="asked">{review_note}</q>}
      </Note>
      {review_reason === 'grader_failed' && <RedriveButton submission={submission} onRedriven={onChanged} />}
    </div>
  );
}

function testsText({ automated_tests_passed: passed, total_tests: all, raw_grade }: Submission): string {
  if (passed === null) return '';
  const words = t('verdict.passed', { passed, all });
  return raw_grade === null ? words : `${words} · ${t('work.raw', { grade: gradeText(raw_grade) })}`;
}

const backOf = ({ assignment_id, exercise_id, exercise_title }: Submission) =>
  assignment_id === null
    ? { href: `/exercises/${exercise_id}`, label: exercise_title }
    : { href: `/assignments/${assignment_id}`, label: exercise_title };
