import type { User } from '#shared/contracts/users.ts';
import { api } from '../../app/api.ts';
import { updateUser } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';

export function EmailForm({ user }: { user: User }) {
  const form = useForm(
    { email: user.email ?? '', current_password: '' },
    {
      check: ({ email, current_password }) => ({
        email: !email.includes('@') && t('form.emailMissing'),
        current_password: current_password === '' && t('password.currentMissing'),
      }),
      submit: async ({ email, current_password }) => {
        const changed = await api.auth.updateMe({ body: { email: email.trim(), current_password } });
        updateUser(changed);
        form.reset({ email: changed.email ?? '', current_password: '' });
        toast('good', t('account.emailSaved'));
      },
    },
  );
  return (
    <FormCard title={t('form.email')} form={form} action={t('action.save')}>
      <div class="two">
        <Field label={t('account.newEmail')} problem={form.problems.email}>
          {(control) => <input {...control} {...form.control('email')} type="email" autoComplete="email" />}
        </Field>
        <Field
          label={t('password.current')}
          problem={form.problems.current_password}
          hint={t('account.emailNeedsPassword')}
        >
          {(control) => (
            <input
              {...control}
              {...form.control('current_password')}
              type="password"
              autoComplete="current-password"
            />
          )}
        </Field>
      </div>
    </FormCard>
  );
}
