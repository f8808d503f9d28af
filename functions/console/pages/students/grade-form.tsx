import type * as z from 'zod';
import type { student } from '#shared/contracts/school.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';

type Student = z.infer<typeof student>;

export function GradeForm({ student, onSaved }: { student: Student; onSaved: (saved: Student) => void }) {
  const form = useForm(
    { grade: student.grade ?? '' },
    {
      submit: async ({ grade }) => {
        const body = { grade: grade.trim() === '' ? null : grade.trim() };
        onSaved(await api.school.updateStudent({ params: { student_id: student.student_id }, body }));
        toast('good', t('action.saved'));
      },
    },
  );
  return (
    <FormCard title={t('student.profile')} form={form} action={t('action.save')}>
      <Field label={t('class.grade')} optional problem={form.problems.grade}>
        {(control) => <input {...control} {...form.control('grade')} maxLength={20} autoComplete="off" />}
      </Field>
    </FormCard>
  );
}
