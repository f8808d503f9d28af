import { api } from '../../app/api.ts';
import { signIn } from '../../app/session.ts';
import { locale, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { newPasswordProblem } from '../account/new-password.ts';

/** A student's own account, where the school lets people register; elsewhere the server says so. */
export function RegisterForm() {
  const form = useForm(
    { name: '', email: '', password: '' },
    {
      check: ({ name, email, password }) => ({
        name: name.trim() === '' && t('form.nameMissing'),
        email: !email.includes('@') && t('form.emailMissing'),
        password: newPasswordProblem(password),
      }),
      submit: async ({ name, email, password }, idempotency_key) => {
        const body = { name: name.trim(), email: email.trim(), password, locale: locale.value };
        await api.auth.register({ body, idempotency_key });
        await signIn(email.trim(), password);
      },
    },
  );
  return (
    <form class="stack" noValidate onSubmit={form.onSubmit}>
      <Field label={t('form.name')} problem={form.problems.name}>
        {(control) => <input {...control} {...form.control('name')} autoComplete="name" />}
      </Field>
      <Field label={t('form.email')} problem={form.problems.email}>
        {(control) => <input {...control} {...form.control('email')} type="email" autoComplete="email" />}
      </Field>
      <Field label={t('signIn.password')} hint={t('password.hint')} problem={form.problems.password}>
        {(control) => (
          <input {...control} {...form.control('password')} type="password" autoComplete="new-password" />
        )}
      </Field>
      <Failure error={form.failure} />
      <Button kind="primary" size="large" wide submit busy={form.busy}>
        {t('signIn.registerSubmit')}
      </Button>
    </form>
  );
}
