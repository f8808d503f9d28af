import { useSignal } from '@preact/signals';
import type { Submission } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button } from '../../ui/button.tsx';

/** Saves the signed receipt of the grading as a file. */
export function ReceiptButton({ submission }: { submission: Submission }) {
  const busy = useSignal(false);
  const { submission_id, attempt_number } = submission;
  const download = async () => {
    busy.value = true;
    try {
      const receipt = await api.submissions.getReceipt({ params: { submission_id } });
      save(`receipt-${attempt_number}-${submission_id}.json`, JSON.stringify(receipt, null, 2));
    } catch (error) {
      toast('bad', errorText(error));
    } finally {
      busy.value = false;
    }
  };
  return (
    <Button icon="download" busy={busy.value} onClick={() => void download()}>
      {t('attempt.receipt')}
    </Button>
  );
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // the download has its own hold of the blob once the click is through
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
