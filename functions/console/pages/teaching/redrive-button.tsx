import { useSignal } from '@preact/signals';
import { type Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { api, newKey } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button } from '../../ui/button.tsx';

interface RedriveButtonProps {
  readonly submission: Pick<Submission, 'submission_id'>;
  readonly onRedriven: (submission: Submission) => void;
}
/** Has a submission graded once more whose grading failed. */
export function RedriveButton({ submission: { submission_id }, onRedriven }: RedriveButtonProps) {
  const busy = useSignal(false);
  if (!may(submissionOperations.redriveSubmission)) return null;
  const redrive = async () => {
    busy.value = true;
    try {
      onRedriven(
        await api.submissions.redriveSubmission({ params: { submission_id }, idempotency_key: newKey() }),
      );
      toast('good', t('redrive.done'));
    } catch (error) {
      toast('bad', errorText(error));
    } finally {
      busy.value = false;
    }
  };
  return (
    <Button size="small" icon="restart" busy={busy.value} onClick={() => void redrive()}>
      {t('redrive.action')}
    </Button>
  );
}
