import type { BankVersion, ItemBank } from '#shared/contracts/item-banks.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';

interface PublishDialogProps {
  readonly bank: ItemBank;
  readonly onClose: () => void;
  readonly onPublished: (version: BankVersion) => void;
}

/** Makes a version of what is live and pilot now, which never changes. */
export function PublishDialog({ bank, onClose, onPublished }: PublishDialogProps) {
  const form = useForm(
    { note: '' },
    {
      submit: async (body, idempotency_key) => {
        const params = { bank_id: bank.bank_id };
        const made = await testing.banks.publishItemBank({ params, body, idempotency_key });
        const { version: n, live, pilot } = made;
        toast('good', t('bank.publishedNow', { n, live, pilot }));
        onPublished(made);
        onClose();
      },
    },
  );
  return (
    <Dialog title={t('bank.publishTitle', { name: bank.name })} onClose={onClose}>
      <DialogForm form={form} action={t('bank.publish')} onClose={onClose}>
        <p>{t('bank.publishText')}</p>
        <Field label={t('bank.note')} problem={form.problems.note} optional>
          {(control) => <input {...control} {...form.control('note')} maxLength={500} />}
        </Field>
      </DialogForm>
    </Dialog>
  );
}
