import { signIn } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';

export function SignInForm() {
  const form = useForm(
    { email: '', password: '' },
    {
      check: ({ email, password }) => ({
        email: email.trim() === '' && t('signIn.nameMissing'),
        password: password === '' && t('signIn.passwordMissing'),
      }),
      submit: ({ email, password }) => signIn(email.trim(), password),
    },
  );
  return (
    <form class="stack" noValidate onSubmit={form.onSubmit}>
      <Field label={t('signIn.name')} problem={form.problems.email}>
        {(control) => (
          <input
            {...control}
            {...form.control('email')}
            autoComplete="username"
            autoCapitalize="none"
            spellcheck={false}
          />
        )}
      </Field>
      <Field label={t('signIn.password')} problem={form.problems.password}>
        {(control) => (
          <input {...control} {...form.control('password')} type="password" autoComplete="current-password" />
        )}
      </Field>
      <Failure error={form.failure} />
      <Button kind="primary" size="large" wide submit busy={form.busy}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
