import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { testing } from '../../app/testing-api.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { Select } from '../../ui/select.tsx';
import './words.ts';

interface BankFormProps {
  /** The bank that is changed; none: a new one. */
  readonly bank?: ItemBank;
  readonly onSaved: (bank: ItemBank) => void;
  readonly onClose: () => void;
}

/** Name, subject and scale of a bank. */
export function BankForm({ bank, onSaved, onClose }: BankFormProps) {
  const form = useForm(
    {
      name: bank?.name ?? '',
      subject: bank?.subject ?? '',
      description: bank?.description ?? '',
      D: String(bank?.D ?? 1),
    },
    {
      check: ({ name }) => ({ name: name.trim() === '' && t('form.nameMissing') }),
      submit: async ({ name, subject, description, D }, idempotency_key) => {
        const body = {
          name,
          description,
          subject: subject.trim() === '' ? null : subject,
          ...((bank?.published_version ?? 0) === 0 && { D: D === '1' ? (1 as const) : (1.702 as const) }),
        };
        onSaved(
          bank
            ? await testing.banks.updateItemBank({
                params: { bank_id: bank.bank_id },
                body: { ...body, version: bank.version },
              })
            : await testing.banks.createItemBank({ body, idempotency_key }),
        );
        onClose();
      },
    },
  );
  return (
    <Dialog title={t(bank ? 'bank.edit' : 'banks.new')} onClose={onClose}>
      <DialogForm form={form} action={t(bank ? 'action.save' : 'bank.create')} onClose={onClose}>
        <Field label={t('bank.name')} problem={form.problems.name}>
          {(control) => <input {...control} {...form.control('name')} autoComplete="off" />}
        </Field>
        <Field label={t('bank.subject')} problem={form.problems.subject} optional>
          {(control) => <input {...control} {...form.control('subject')} />}
        </Field>
        <Field label={t('bank.description')} problem={form.problems.description} optional>
          {(control) => <textarea {...control} {...form.control('description')} rows={2} />}
        </Field>
        {(bank?.published_version ?? 0) === 0 && (
          <Field label={t('bank.D')} hint={t('bank.DHint')} problem={form.problems.D}>
            {({ class: _, ...control }) => (
              <Select {...control} value={form.values.D} onChange={(D) => form.set('D', D)}>
                <option value="1">{t('bank.D.1')}</option>
                <option value="1.702">{t('bank.D.1702')}</option>
              </Select>
            )}
          </Field>
        )}
      </DialogForm>
    </Dialog>
  );
}
