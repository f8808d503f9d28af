import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import type { SchoolClassView } from './words.ts';

export interface ClassValues extends Record<string, string> {
  name: string;
  subject: string;
  grade: string;
  teacher_id: string;
}
export const classValues = (of?: SchoolClassView): ClassValues => ({
  name: of?.name ?? '',
  subject: of?.subject ?? '',
  grade: of?.grade ?? '',
  teacher_id: '',
});

/** An empty field takes the value away. */
export const classBody = ({ name, subject, grade }: ClassValues) => ({
  name: name.trim(),
  subject: subject.trim() === '' ? null : subject.trim(),
  grade: grade.trim() === '' ? null : grade.trim(),
});

export const ClassFields = ({ form }: { form: Form<ClassValues> }) => (
  <>
    <Field label={t('class.name')} problem={form.problems['name']}>
      {(control) => <input {...control} {...form.control('name')} maxLength={200} autoComplete="off" />}
    </Field>
    <div class="two">
      <Field label={t('class.subject')} optional problem={form.problems['subject']}>
        {(control) => <input {...control} {...form.control('subject')} maxLength={100} autoComplete="off" />}
      </Field>
      <Field label={t('class.grade')} optional problem={form.problems['grade']}>
        {(control) => <input {...control} {...form.control('grade')} maxLength={20} autoComplete="off" />}
      </Field>
    </div>
  </>
);
