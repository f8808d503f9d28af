import { useSignal } from '@preact/signals';
import { role } from '#shared/contracts/operation.ts';
import { api } from '../../app/api.ts';
import { locale, t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { HandOut, type HandOutCode } from './hand-out.tsx';
import { OrganizationField } from './organization-filter.tsx';
import { RoleField } from './role-field.tsx';
import { signInName } from './sign-in-name.ts';

interface Props {
  readonly org_id: string;
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

/** Makes an account without a password: its owner sets one with the code that is shown here once. */
export function NewUser({ org_id, onCreated, onClose }: Props) {
  const code = useSignal<HandOutCode | undefined>(undefined);
  const form = useForm(
    { name: '', email: '', role: 'student', org_id },
    {
      check: ({ name, email }) => ({
        name: name.trim() === '' && t('form.nameMissing'),
        email: email.trim() === '' && t('form.signInNameMissing'),
      }),
      submit: async (values, idempotency_key) => {
        const body = {
          name: values.name.trim(),
          ...signInName(values.email),
          role: role.parse(values.role),
          locale: locale.value,
          ...(values.org_id !== '' && { org_id: values.org_id }),
        };
        const created = await api.school.createUser({ body, idempotency_key });
        code.value = {
          name: created.name,
          signInName: created.email ?? created.username ?? '',
          code: created.reset_code ?? '',
        };
        onCreated();
      },
    },
  );
  return (
    <Dialog title={code.value ? t('handOut.title') : t('users.create')} onClose={onClose}>
      {code.value ? (
        <HandOut {...code.value} onClose={onClose} />
      ) : (
        <DialogForm form={form} action={t('users.submit')} onClose={onClose}>
          <Field label={t('form.name')} problem={form.problems.name}>
            {(control) => <input {...control} {...form.control('name')} maxLength={200} autoComplete="off" />}
          </Field>
          <Field label={t('form.signInName')} hint={t('form.signInNameHint')} problem={form.problems.email}>
            {(control) => (
              <input
                {...control}
                {...form.control('email')}
                autoComplete="off"
                autoCapitalize="none"
                spellcheck={false}
              />
            )}
          </Field>
          <RoleField
            value={form.values.role}
            problem={form.problems.role}
            onChange={(chosen) => form.set('role', chosen)}
          />
          <OrganizationField value={form.values.org_id} onChange={(chosen) => form.set('org_id', chosen)} />
        </DialogForm>
      )}
    </Dialog>
  );
}
