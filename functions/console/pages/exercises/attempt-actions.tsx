import { useSignal } from '@preact/signals';
import type { Submission } from '#shared/contracts/submissions.ts';
import { submissionOperations } from '#shared/contracts/submissions.ts';
import { navigate } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { AskForReview } from './ask-for-review.tsx';
import { keepDraft, keptDraft } from './draft.ts';
import { ReceiptButton } from './receipt-button.tsx';

interface AttemptActionsProps {
  readonly submission: Submission;
  readonly isOwn: boolean;
  readonly onChanged: (submission: Submission) => void;
}

/** What one can do with an attempt: keep its receipt, ask about it, go on from it. */
export function AttemptActions({ submission, isOwn, onChanged }: AttemptActionsProps) {
  const asking = useSignal(false);
  const maysAsk = isOwn && submission.status === 'graded' && submission.review_reason === null;
  return (
    <>
      {submission.status === 'graded' && <ReceiptButton submission={submission} />}
      {maysAsk && may(submissionOperations.requestReview) && (
        <Button
          icon="comment"
          onClick={() => {
            asking.value = true;
          }}
        >
          {t('review.ask')}
        </Button>
      )}
      {isOwn && <GoOn submission={submission} />}
      {asking.value && (
        <AskForReview
          submission_id={submission.submission_id}
          onClose={() => {
            asking.value = false;
          }}
          onAsked={onChanged}
        />
      )}
    </>
  );
}

/** Puts the program of the attempt back into the editor, after asking where that would lose something. */
function GoOn({ submission }: { submission: Submission }) {
  const asking = useSignal(false);
  const { exercise_id, assignment_id, submission_code } = submission;
  const goOn = () => {
    keepDraft(exercise_id, submission_code, '');
    navigate(assignment_id === null ? `/exercises/${exercise_id}` : `/assignments/${assignment_id}`);
  };
  const askOrGo = () => {
    const kept = keptDraft(exercise_id);
    if (kept !== undefined && kept !== submission_code) asking.value = true;
    else goOn();
  };
  return (
    <>
      <Button kind="primary" icon="edit" onClick={askOrGo}>
        {t('attempt.use')}
      </Button>
      {asking.value && (
        <Confirm
          title={t('attempt.useTitle')}
          text={t('attempt.useText')}
          action={t('attempt.replace')}
          onClose={() => {
            asking.value = false;
          }}
          act={async () => goOn()}
        />
      )}
    </>
  );
}
