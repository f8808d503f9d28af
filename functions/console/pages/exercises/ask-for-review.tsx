import type { Submission } from '#shared/contracts/submissions.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';

interface AskForReviewProps {
  readonly submission_id: string;
  readonly onClose: () => void;
  readonly onAsked: (submission: Submission) => void;
}

/** Asks a person to look at what the tests said. */
export function AskForReview({ submission_id, onClose, onAsked }: AskForReviewProps) {
  const form = useForm(
    { note: '' },
    {
      check: ({ note }) => ({ note: note.trim() === '' && t('review.noteMissing') }),
      submit: async ({ note }, idempotency_key) => {
        // a note is one line of text on the wire
        const body = { note: note.replaceAll(/\s+/g, ' ').trim() };
        onAsked(await api.submissions.requestReview({ params: { submission_id }, body, idempotency_key }));
        toast('good', t('review.sent'));
        onClose();
      },
    },
  );
  return (
    <Dialog title={t('review.title')} onClose={onClose}>
      <DialogForm form={form} action={t('review.send')} onClose={onClose}>
        <Field label={t('review.note')} hint={t('review.noteHint')} problem={form.problems.note}>
          {(control) => (
            <textarea {...control} {...form.control('note')} class="control" rows={3} maxLength={2000} />
          )}
        </Field>
      </DialogForm>
    </Dialog>
  );
}
