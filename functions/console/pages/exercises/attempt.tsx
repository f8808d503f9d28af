import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Submission } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Spoken } from '../../ui/spoken.tsx';
import { Ago } from '../../ui/words.tsx';
import { useTitle } from './all-exercises.ts';
import { AttemptActions } from './attempt-actions.tsx';
import { AttemptBadge } from './attempt-badge.tsx';
import { AttemptCode } from './attempt-code.tsx';
import { AttemptFacts } from './attempt-facts.tsx';
import { useComments } from './comments.tsx';
import { isJudged, LiveSubmission } from './live-submission.ts';
import { PendingVerdicts, pendingText } from './pending-verdicts.tsx';
import { VerdictHead, verdictText } from './verdict-head.tsx';
import { VerdictTable } from './verdict-table.tsx';

/** One submission as it was handed in: its program, its verdicts, what people said about it. */
export function Attempt({ id }: { id: string }) {
  const { data, error, reload, set } = useResource(`submission.${id}`, (signal) =>
    api.submissions.getSubmission({ params: { submission_id: id }, signal }),
  );
  if (data) return <AttemptPage submission={data} onChanged={set} />;
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return <Skeleton lines={5} height={64} />;
}

interface AttemptPageProps {
  readonly submission: Submission;
  readonly onChanged: (submission: Submission) => void;
}
function AttemptPage({ submission, onChanged }: AttemptPageProps) {
  const comments = useComments(submission.submission_id);
  const live = useMemo(() => new LiveSubmission(onChanged), []);
  const waits = !isJudged(submission);
  useEffect(() => {
    if (waits) live.follow(submission);
    return () => live.dispose();
  }, [waits]);
  const pending = { submission: live.submission.value ?? submission, verdicts: live.verdicts.value };
  // a verdict that was there before is read, not announced
  const { current: isAwaited } = useRef(waits);
  const isOwn = submission.student_id === user.value?.user_id;
  const { attempt_number: n, student_name: name, test_results } = submission;
  const title = useTitle(submission.exercise_id, submission.exercise_title);
  return (
    <>
      <PageHead
        title={t('attempt.of', { n, title })}
        back={{ href: placeOf(submission), label: title }}
        lead={
          <span class="row">
            <AttemptBadge attempt={submission} />
            <span>
              {!isOwn && `${name} · `}
              <Ago at={submission.submission_time} />
            </span>
          </span>
        }
      >
        <AttemptActions submission={submission} isOwn={isOwn} onChanged={onChanged} />
      </PageHead>
      <div class="attempt-grid">
        <AttemptCode submission={submission} comments={comments} />
        <div class="stack">
          <section class="card" aria-label={t('workspace.result')}>
            {isAwaited && (
              <Spoken text={waits ? pendingText(pending) : verdictText(submission)} isEnd={!waits} />
            )}
            {waits ? (
              <PendingVerdicts {...pending} testCount={submission.total_tests} />
            ) : (
              <>
                <VerdictHead submission={submission} />
                {test_results && <VerdictTable results={test_results} language={submission.language} />}
              </>
            )}
          </section>
          <AttemptFacts submission={submission} comments={comments} />
        </div>
      </div>
    </>
  );
}

const placeOf = ({ assignment_id, exercise_id }: Submission): string =>
  assignment_id === null ? `/exercises/${exercise_id}` : `/assignments/${assignment_id}`;
