import { useSignal } from '@preact/signals';
import { api } from '../../app/api.ts';
import { locale, t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { HandOut, type HandOutCode } from '../admin/hand-out.tsx';
import { signInName } from '../admin/sign-in-name.ts';
import type { SchoolClassView } from './words.ts';

interface Props {
  readonly of: SchoolClassView;
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

/** Makes a student, enrols them, and shows what to hand to them: their name and a code. */
export function NewStudent({ of, onCreated, onClose }: Props) {
  const code = useSignal<HandOutCode | undefined>(undefined);
  const form = useForm(
    { name: '', username: '', grade: of.grade ?? '' },
    {
      check: ({ name, username }) => ({
        name: name.trim() === '' && t('form.nameMissing'),
        username: username.trim() === '' && t('form.signInNameMissing'),
      }),
      submit: async ({ name, username, grade }, idempotency_key) => {
        const body = {
          name: name.trim(),
          ...signInName(username),
          role: 'student' as const,
          class_id: of.class_id,
          locale: locale.value,
          ...(grade.trim() !== '' && { grade: grade.trim() }),
        };
        const created = await api.school.createUser({ body, idempotency_key });
        code.value = {
          name: created.name,
          signInName: created.username ?? created.email ?? '',
          code: created.reset_code ?? '',
        };
        onCreated();
      },
    },
  );
  return (
    <Dialog title={code.value ? t('handOut.title') : t('roster.newTitle')} onClose={onClose}>
      {code.value ? (
        <HandOut
          {...code.value}
          onClose={onClose}
          onAnother={() => {
            code.value = undefined;
            form.reset({ name: '', username: '', grade: of.grade ?? '' });
          }}
        />
      ) : (
        <DialogForm form={form} action={t('roster.create')} onClose={onClose}>
          <Field label={t('form.name')} problem={form.problems.name}>
            {(control) => <input {...control} {...form.control('name')} maxLength={200} autoComplete="off" />}
          </Field>
          <Field
            label={t('form.signInName')}
            hint={t('form.signInNameHint')}
            problem={form.problems.username}
          >
            {(control) => (
              <input
                {...control}
                {...form.control('username')}
                autoComplete="off"
                autoCapitalize="none"
                spellcheck={false}
              />
            )}
          </Field>
          <Field label={t('class.grade')} optional problem={form.problems.grade}>
            {(control) => <input {...control} {...form.control('grade')} maxLength={20} autoComplete="off" />}
          </Field>
        </DialogForm>
      )}
    </Dialog>
  );
}
