import { useClasses } from '../../../data/classes.ts';
import { t } from '../../../i18n/index.ts';
import { ClassSelect } from '../../../ui/class-select.tsx';
import { Field } from '../../../ui/field.tsx';
import type { Form } from '../../../ui/form.ts';
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
  const { data } = useClasses();
  if (!data?.length) return null;
  return (
    <Field
      label={t('newTraining.class')}
      optional
      problem={form.problems.class_id}
      hint={t('newTraining.classHint')}
    >
      {({ class: _, ...control }) => (
        <ClassSelect
          {...control}
          name="class_id"
          classes={data}
          none={t('newTraining.noClass')}
          value={form.values.class_id}
          onChange={(to) => form.set('class_id', to)}
        />
      )}
    </Field>
  );
}
