import type * as z from 'zod';
import type { student } from '#shared/contracts/school.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { FormCard } from '../../ui/form-card.tsx';
import { Select } from '../../ui/select.tsx';

type Student = z.infer<typeof student>;

/** What schools grant; another one that the student has stays a choice. */
const choices = (present: number): number[] =>
  [...new Set([1, 1.25, 1.5, 2, 3, present])].toSorted((a, b) => a - b);

/** A student's grade, and how much more time they have in quizzes and tests. */
export function GradeForm({ student, onSaved }: { student: Student; onSaved: (saved: Student) => void }) {
  const form = useForm(
    { grade: student.grade ?? '', time_factor: String(student.time_factor) },
    {
      submit: async ({ grade, time_factor }) => {
        const body = { grade: grade.trim() === '' ? null : grade.trim(), time_factor: Number(time_factor) };
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
      <Field label={t('student.time')} hint={t('student.timeHint')} problem={form.problems.time_factor}>
        {(control) => (
          <Select
            {...control}
            value={form.values.time_factor}
            onChange={(value) => form.set('time_factor', value)}
          >
            {choices(student.time_factor).map((factor) => (
              <option key={factor} value={factor}>
                {factor === 1
                  ? t('student.timeUsual')
                  : t('student.timeMore', { percent: 100 * (factor - 1) })}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </FormCard>
  );
}
