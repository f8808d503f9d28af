import { api } from '../../app/api.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { newPasswordProblem } from '../account/new-password.ts';

/** A code from a teacher or an administrator, and the password that it sets. */
export function CodeForm({ onDone }: { onDone: () => void }) {
  const form = useForm(
    { code: '', password: '' },
    {
      check: ({ code, password }) => ({
        code: code.trim() === '' && t('signIn.codeMissing'),
        password: newPasswordProblem(password),
      }),
      submit: async ({ code, password }) => {
        await api.auth.reset({ body: { code: code.trim(), password } });
        onDone();
      },
    },
  );
  return (
    <form class="stack" noValidate onSubmit={form.onSubmit}>
      <Field label={t('signIn.code')} hint={t('signIn.codeHint')} problem={form.problems.code}>
        {(control) => (
          <input {...control} {...form.control('code')} autoComplete="one-time-code" spellcheck={false} />
        )}
      </Field>
      <Field label={t('password.new')} hint={t('password.hint')} problem={form.problems.password}>
        {(control) => (
          <input {...control} {...form.control('password')} type="password" autoComplete="new-password" />
        )}
      </Field>
      <Failure error={form.failure} />
      <Button kind="primary" size="large" wide submit busy={form.busy}>
        {t('signIn.codeSubmit')}
      </Button>
    </form>
  );
}
