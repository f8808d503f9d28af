import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';

/** The code that the teacher has written on the board. */
export function JoinClass({ onJoined }: { onJoined: () => void }) {
  const form = useForm(
    { code: '' },
    {
      check: ({ code }) => ({ code: code.trim() === '' && t('join.missing') }),
      submit: async ({ code }, idempotency_key) => {
        await api.school.joinClass({ body: { code: code.trim().toUpperCase() }, idempotency_key });
        toast('good', t('join.done'));
        form.reset({ code: '' });
        onJoined();
      },
    },
  );
  return (
    <form class="stack join-form" noValidate onSubmit={form.onSubmit}>
      <Field label={t('join.code')} problem={form.problems.code}>
        {(control) => (
          <div class="row join">
            <input
              {...control}
              {...form.control('code')}
              class="control grow"
              autoComplete="off"
              autoCapitalize="characters"
              spellcheck={false}
              placeholder="KX4P-7TQ2"
            />
            <Button submit busy={form.busy}>
              {t('join.submit')}
            </Button>
          </div>
        )}
      </Field>
      <Failure error={form.failure} />
    </form>
  );
}
