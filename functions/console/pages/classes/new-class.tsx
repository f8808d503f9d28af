import { useSignal } from '@preact/signals';
import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { type Choice, Picker } from '../../ui/picker.tsx';
import { ClassFields, classBody, classValues } from './class-fields.tsx';
import type { SchoolClassView } from './words.ts';

interface Props {
  readonly onClose: () => void;
  readonly onCreated: (created: SchoolClassView) => void;
}

/** A teacher's new class is their own; an administrator says whose it is. */
export function NewClass({ onClose, onCreated }: Props) {
  const teacher = useSignal<Choice | undefined>(undefined);
  const isTeacher = user.value?.role === 'teacher';
  const form = useForm(classValues(), {
    check: ({ name }) => ({
      name: name.trim() === '' && t('form.nameMissing'),
      teacher_id: !isTeacher && teacher.value === undefined && t('class.teacherMissing'),
    }),
    submit: async (values, idempotency_key) => {
      const body = { ...classBody(values), ...(teacher.value && { teacher_id: teacher.value.id }) };
      const created = await api.school.createClass({ body, idempotency_key });
      toast('good', t('class.created', { name: created.name }));
      onCreated(created);
    },
  });
  return (
    <Dialog title={t('classes.create')} onClose={onClose}>
      <DialogForm form={form} action={t('classes.create')} onClose={onClose}>
        <ClassFields form={form} />
        {!isTeacher && (
          <TeacherChoice
            chosen={teacher.value}
            problem={form.problems['teacher_id']}
            onChoose={(chosen) => {
              teacher.value = chosen;
            }}
          />
        )}
      </DialogForm>
    </Dialog>
  );
}

interface TeacherChoiceProps {
  readonly chosen: Choice | undefined;
  readonly problem: string | undefined;
  readonly onChoose: (teacher: Choice | undefined) => void;
}
export function TeacherChoice({ chosen, problem, onChoose }: TeacherChoiceProps) {
  return (
    <fieldset class="group field">
      <legend class="field-label">{t('class.teacher')}</legend>
      {chosen ? (
        <div class="spread">
          <span>{chosen.name}</span>
          <Button size="small" onClick={() => onChoose(undefined)}>
            {t('action.change')}
          </Button>
        </div>
      ) : (
        <Picker
          name="teachers"
          label={t('class.findTeacher')}
          action={t('action.choose')}
          search={async (q, page, signal) => {
            const found = await api.school.listTeachers({ query: { ...(q && { q }), ...page }, signal });
            return {
              ...found,
              items: found.items.map(({ teacher_id, name, subject }) => ({
                id: teacher_id,
                name,
                detail: subject ?? '',
              })),
            };
          }}
          onPick={async (choice) => onChoose(choice)}
        />
      )}
      {problem !== undefined && !chosen && <p class="problem">{problem}</p>}
    </fieldset>
  );
}
