import { api } from '../../app/api.ts';
import { updateUser } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';
import { newPasswordProblem } from './new-password.ts';

const empty = { current_password: '', new_password: '', repeated: '' };

export function PasswordForm() {
  const form = useForm(empty, {
    check: ({ current_password, new_password, repeated }) => ({
      current_password: current_password === '' && t('password.currentMissing'),
      new_password: newPasswordProblem(new_password),
      repeated: new_password !== repeated && t('password.different'),
    }),
    submit: async ({ current_password, new_password }) => {
      await api.auth.changePassword({ body: { current_password, new_password } });
      form.reset(empty);
      toast('good', t('account.passwordSaved'));
      updateUser(await api.auth.me({}));
    },
  });
  return (
    <FormCard title={t('password.change')} form={form} action={t('password.change')}>
      <Field label={t('password.current')} problem={form.problems.current_password}>
        {(control) => (
          <input
            {...control}
            {...form.control('current_password')}
            type="password"
            autoComplete="current-password"
          />
        )}
      </Field>
      <div class="two">
        <Field label={t('password.new')} problem={form.problems.new_password} hint={t('password.hint')}>
          {(control) => (
            <input
              {...control}
              {...form.control('new_password')}
              type="password"
              autoComplete="new-password"
            />
          )}
        </Field>
        <Field label={t('password.repeat')} problem={form.problems.repeated}>
          {(control) => (
            <input {...control} {...form.control('repeated')} type="password" autoComplete="new-password" />
          )}
        </Field>
      </div>
    </FormCard>
  );
}
