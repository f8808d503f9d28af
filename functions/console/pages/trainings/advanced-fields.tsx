import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import { Select } from '../../ui/select.tsx';
import { HyperparameterField } from './hyperparameter-field.tsx';
import { groupOf, groups, hyperparametersOf, meaningfulIn } from './hyperparameters.ts';
import { algorithmIn, runDefaults, type TrainingValues } from './training-form.ts';

type TrainingForm = Form<TrainingValues>;

export function AdvancedFields({ form, environment }: { form: TrainingForm; environment: EnvironmentView }) {
  const all = meaningfulIn(environment, hyperparametersOf(algorithmIn(form.values)));
  const grouped = groups
    .map((group) => ({ group, members: all.filter(([name]) => groupOf(name) === group) }))
    .filter(({ members }) => members.length > 0);
  return (
    <div class="stack-l">
      <fieldset class="group">
        <legend>{t('newTraining.group.run')}</legend>
        <div class="settings">
          <RunField form={form} name="seed" />
          <RunField form={form} name="eval_frequency" />
          <RunField form={form} name="save_frequency" />
          <EngineField form={form} />
        </div>
      </fieldset>
      {grouped.map(({ group, members }) => (
        <fieldset class="group" key={group}>
          <legend>{t(`newTraining.group.${group}`)}</legend>
          <div class="settings">
            {members.map(([name, of]) => (
              <HyperparameterField key={name} form={form} name={name} of={of} />
            ))}
          </div>
        </fieldset>
      ))}
    </div>
  );
}

const RunField = ({
  form,
  name,
}: {
  form: TrainingForm;
  name: 'seed' | 'eval_frequency' | 'save_frequency';
}) => (
  <Field label={t(`run.${name}.label`)} hint={t(`run.${name}.hint`)} problem={form.problems[name]}>
    {(control) => (
      <input
        {...control}
        {...form.control(name)}
        type="text"
        inputMode={name === 'seed' ? 'text' : 'numeric'}
        placeholder={runDefaults[name]}
      />
    )}
  </Field>
);

const EngineField = ({ form }: { form: TrainingForm }) => (
  <Field label={t('run.engine.label')} hint={t('run.engine.hint')} problem={form.problems.engine}>
    {(control) => (
      <div class="setting-control">
        <Select
          {...control}
          name="engine"
          value={form.values.engine}
          onChange={(engine) => form.set('engine', engine)}
        >
          <option value="reference">reference</option>
          <option value="fast">fast</option>
        </Select>
      </div>
    )}
  </Field>
);
