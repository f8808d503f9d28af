import { useEffect, useRef } from 'preact/hooks';
import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { t } from '../../../i18n/index.ts';
import { Field } from '../../../ui/field.tsx';
import type { Form } from '../../../ui/form.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Select } from '../../../ui/select.tsx';
import { HyperparameterField } from './hyperparameter-field.tsx';
import { groupOf, groups, hyperparametersOf, meaningfulIn } from './hyperparameters.ts';
import { algorithmIn, runDefaults, type TrainingValues } from './training-form.ts';

type TrainingForm = Form<TrainingValues>;

interface Props {
  readonly form: TrainingForm;
  readonly environment: EnvironmentView;
  /** Fields that are asked for elsewhere. Default: none. */
  readonly without?: readonly string[];
}

/** Everything that one need not know of to begin; it opens where something in it is wrong. */
export function AdvancedFields(props: Props) {
  const { form, environment, without = [] } = props;
  const hasProblem = fieldsIn(environment, form.values).some(
    (name) => form.problems[name] !== undefined && !without.includes(name),
  );
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    // opened for a problem, it stays open when the problem is solved
    if (hasProblem && details.current) details.current.open = true;
  }, [hasProblem]);
  return (
    <details class="disclosure" ref={details}>
      <summary>
        <Icon name="chevron" size={16} />
        {t('newTraining.advanced')}
        <span class="disclosure-note">
          {t('newTraining.advancedNote', { algorithm: algorithmIn(form.values).toUpperCase() })}
        </span>
      </summary>
      <Groups {...props} />
    </details>
  );
}

const settingsOf = (environment: EnvironmentView, values: TrainingValues) =>
  meaningfulIn(environment, hyperparametersOf(algorithmIn(values)));
const fieldsIn = (environment: EnvironmentView, values: TrainingValues): string[] => [
  ...['seed', 'eval_frequency', 'save_frequency', 'engine'],
  ...settingsOf(environment, values).map(([name]) => name),
];

function Groups({ form, environment, without = [] }: Props) {
  const asked = settingsOf(environment, form.values).filter(([name]) => !without.includes(name));
  const grouped = groups
    .map((group) => ({ group, members: asked.filter(([name]) => groupOf(name) === group) }))
    .filter(({ members }) => members.length > 0);
  return (
    <div class="stack-l">
      <fieldset class="group">
        <legend>{t('newTraining.group.run')}</legend>
        <div class="settings">
          {!without.includes('seed') && <RunField form={form} name="seed" />}
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
