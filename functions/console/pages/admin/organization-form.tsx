import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import type { Organization } from './organizations.tsx';

interface Props {
  readonly of?: Organization;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}
export function OrganizationForm({ of, onSaved, onClose }: Props) {
  const form = useForm(
    { name: of?.name ?? '', type: of?.type ?? 'school' },
    {
      check: ({ name, type }) => ({
        name: name.trim() === '' && t('form.nameMissing'),
        type: type.trim() === '' && t('organization.typeMissing'),
      }),
      submit: async (values, idempotency_key) => {
        const body = { name: values.name.trim(), type: values.type.trim() };
        if (of) await api.school.updateOrganization({ params: { org_id: of.org_id }, body });
        else await api.school.createOrganization({ body, idempotency_key });
        toast('good', t('action.saved'));
        onSaved();
        onClose();
      },
    },
  );
  return (
    <Dialog title={of ? t('organization.edit') : t('organizations.create')} onClose={onClose}>
      <DialogForm form={form} action={t('action.save')} onClose={onClose}>
        <Field label={t('form.name')} problem={form.problems.name}>
          {(control) => <input {...control} {...form.control('name')} maxLength={200} autoComplete="off" />}
        </Field>
        <Field label={t('organization.type')} hint={t('organization.typeHint')} problem={form.problems.type}>
          {(control) => <input {...control} {...form.control('type')} maxLength={50} autoComplete="off" />}
        </Field>
      </DialogForm>
    </Dialog>
  );
}
