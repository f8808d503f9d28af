import { plain, t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import {
  type Hyperparameter,
  hintKey,
  hyperparameterDefaults,
  isScheduled,
  type Scheduled,
  type TrainingValues,
} from './training-form.ts';

interface Props {
  readonly form: Form<TrainingValues>;
  readonly name: Hyperparameter;
}

/** The field's own name as label, since papers and libraries use it, and a sentence on what it does. */
export const HyperparameterField = ({ form, name }: Props) => (
  <Field label={name} hint={plain(hintKey(name))} problem={form.problems[name]}>
    {(control) => (
      <div class="setting-control">
        <input
          {...control}
          {...form.control(name)}
          type="number"
          inputMode="decimal"
          min={0}
          step="any"
          placeholder={hyperparameterDefaults[name] || t('hyper.off')}
        />
        {isScheduled(name) && <Schedule form={form} name={name} />}
      </div>
    )}
  </Field>
);

const Schedule = ({ form, name }: { form: Form<TrainingValues>; name: Scheduled }) => (
  <label class="check small">
    <input
      type="checkbox"
      checked={form.values[`${name}_schedule`] === 'linear'}
      onChange={({ currentTarget }) =>
        form.set(`${name}_schedule`, currentTarget.checked ? 'linear' : 'constant')
      }
    />
    {t('hyper.linear')}
  </label>
);
