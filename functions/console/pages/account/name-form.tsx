import type { User } from '#shared/contracts/users.ts';
import { api } from '../../app/api.ts';
import { updateUser } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';

export function NameForm({ user }: { user: User }) {
  const form = useForm(
    { name: user.name },
    {
      check: ({ name }) => ({ name: name.trim() === '' && t('form.nameMissing') }),
      submit: async ({ name }) => {
        updateUser(await api.auth.updateMe({ body: { name: name.trim() } }));
        toast('good', t('account.nameSaved'));
      },
    },
  );
  return (
    <FormCard title={t('account.profile')} form={form} action={t('action.save')}>
      <Field label={t('form.name')} problem={form.problems.name} hint={t('account.nameHint')}>
        {(control) => <input {...control} {...form.control('name')} autoComplete="name" maxLength={200} />}
      </Field>
    </FormCard>
  );
}
