import type { Assignment } from '#shared/contracts/assignments.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { instantOf, typedOf } from '../../app/zone.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import type { Progress } from './progress-words.ts';
import { dateText, useSchoolZone } from './school-time.ts';
import { numberOf } from './typed-numbers.ts';

interface ExtensionDialogProps {
  readonly assignment: Assignment;
  readonly progress: Progress;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** More time or attempts for one student; emptied, it is taken back. */
export function ExtensionDialog({ assignment, progress, onSaved, onClose }: ExtensionDialogProps) {
  const zone = useSchoolZone();
  const { assignment_id, due_at } = assignment;
  const { student_id, student_name, extension } = progress;
  const form = useForm(
    {
      due_at: typedOf(extension?.due_at ?? null, zone),
      extra_attempts: String(extension?.extra_attempts ?? 0),
    },
    {
      submit: async (values) => {
        await api.assignments.putExtension({
          params: { assignment_id, student_id },
          body: {
            due_at: instantOf(values.due_at, zone),
            // what is no number is refused at its field
            extra_attempts: numberOf(values.extra_attempts) as number,
          },
        });
        toast('good', t('extension.saved', { name: student_name }));
        onSaved();
        onClose();
      },
    },
  );
  return (
    <Dialog title={t('extension.for', { name: student_name })} onClose={onClose}>
      <DialogForm form={form} action={t('action.save')} onClose={onClose}>
        {due_at === null ? (
          <p class="muted">{t('extension.noDue')}</p>
        ) : (
          <Field
            label={t('extension.due')}
            hint={`${t('extension.classDue', { when: dateText(due_at, zone) })} ${t('assign.zone', { zone })}`}
            problem={form.problems.due_at}
            optional
          >
            {(control) => <input {...control} {...form.control('due_at')} type="datetime-local" />}
          </Field>
        )}
        <Field
          label={t('extension.attempts')}
          hint={assignment.max_attempts === null ? t('extension.unlimited') : undefined}
          problem={form.problems.extra_attempts}
        >
          {(control) => <input {...control} {...form.control('extra_attempts')} inputMode="numeric" />}
        </Field>
      </DialogForm>
    </Dialog>
  );
}
