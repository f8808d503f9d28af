import { api } from '../../app/api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import { Select } from '../../ui/select.tsx';
import { runDefaults, type TrainingValues } from './training-form.ts';

type TrainingForm = Form<TrainingValues>;

/** What a run is called, how long it takes and who may watch. */
export const RunFields = ({ form }: { form: TrainingForm }) => (
  <div class="two">
    <Field label={t('training.name')} optional problem={form.problems.name} hint={t('newTraining.nameHint')}>
      {(control) => <input {...control} {...form.control('name')} maxLength={100} />}
    </Field>
    <Field
      label={t('newTraining.maxSteps')}
      problem={form.problems.max_steps}
      hint={t('newTraining.maxStepsHint')}
    >
      {(control) => (
        <input
          {...control}
          {...form.control('max_steps')}
          type="number"
          inputMode="numeric"
          min={1}
          step="any"
          placeholder={runDefaults.max_steps}
        />
      )}
    </Field>
    <ClassField form={form} />
  </div>
);

/** Sharing with a class is what lets its staff see the training. */
function ClassField({ form }: { form: TrainingForm }) {
  const { data } = useResource('form.classes', (signal) =>
    everyPage((page) => api.school.listClasses({ query: { limit: 100, ...page }, signal })),
  );
  if (!data?.length) return null;
  return (
    <Field
      label={t('newTraining.class')}
      optional
      problem={form.problems.class_id}
      hint={t('newTraining.classHint')}
    >
      {(control) => (
        <Select
          {...control}
          name="class_id"
          value={form.values.class_id}
          onChange={(to) => form.set('class_id', to)}
        >
          <option value="">{t('newTraining.noClass')}</option>
          {data.map(({ class_id, name }) => (
            <option key={class_id} value={class_id}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
