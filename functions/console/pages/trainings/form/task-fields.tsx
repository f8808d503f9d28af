import type { AlgorithmName } from '#shared/contracts/training-config.ts';
import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { t } from '../../../i18n/index.ts';
import { Field } from '../../../ui/field.tsx';
import type { Form } from '../../../ui/form.ts';
import { Segments } from '../../../ui/segments.tsx';
import { Select } from '../../../ui/select.tsx';
import { EnvironmentCard } from '../environment-card.tsx';
import { titleOf } from '../environment-title.ts';
import { KwargField } from './hyperparameter-field.tsx';
import { algorithmIn, isTuned, kwargsOf, type TrainingValues } from './training-form.ts';

export interface TaskProps {
  readonly form: Form<TrainingValues>;
  readonly environments: readonly EnvironmentView[];
  readonly environment: EnvironmentView;
  /** Another pair of environment and algorithm, or other settings to start from, is chosen. */
  readonly onPair: (to: EnvironmentView, by: AlgorithmName, preset: string) => void;
}

/** What is learnt and what learns it; changing either brings the settings that suit the pair. */
export const TaskFields = (props: TaskProps) => {
  const { form, environment } = props;
  return (
    <>
      <EnvironmentCard environment={environment} kwargs={kwargsOf(form.values, environment.kwargs)} />
      <div class="stack">
        <div class="two">
          <EnvironmentField {...props} />
          <AlgorithmField {...props} />
        </div>
        <PresetField {...props} />
      </div>
      {environment.kwargs.length > 0 && <Kwargs form={form} environment={environment} />}
    </>
  );
};

const suited = (to: EnvironmentView, by: AlgorithmName) => (isTuned(to, by) ? 'tuned' : 'none');

function EnvironmentField({ form, environments, onPair }: TaskProps) {
  const choose = (id: string) => {
    const to = environments.find((one) => one.id === id);
    if (!to) return;
    const before = algorithmIn(form.values);
    const by = to.algorithms.includes(before) ? before : to.suggested_algorithm;
    onPair(to, by, suited(to, by));
  };
  return (
    <Field label={t('newTraining.environment')} problem={form.problems.environment}>
      {(control) => (
        <Select {...control} name="environment" value={form.values.environment} onChange={choose}>
          {environments.map(({ id, title }) => (
            <option key={id} value={id}>
              {titleOf(id, title)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function AlgorithmField({ form, environment, onPair }: TaskProps) {
  const algorithm = algorithmIn(form.values);
  const choose = (name: string) => {
    const by = environment.algorithms.find((one) => one === name);
    if (by) onPair(environment, by, suited(environment, by));
  };
  return (
    <Field
      label={t('newTraining.algorithm')}
      problem={form.problems.algorithm}
      hint={t(`algorithm.${algorithm}`)}
    >
      {(control) => (
        <Select {...control} name="algorithm" value={algorithm} onChange={choose}>
          {environment.algorithms.map((name) => (
            <option key={name} value={name}>
              {name.toUpperCase()}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function PresetField({ form, environment, onPair }: TaskProps) {
  const algorithm = algorithmIn(form.values);
  if (!isTuned(environment, algorithm)) return <p class="small muted">{t('newTraining.noPreset')}</p>;
  return (
    <div class="preset">
      <Segments
        label={t('newTraining.preset')}
        value={form.values.preset}
        options={[
          { value: 'none', label: t('newTraining.preset.none') },
          { value: 'tuned', label: t('newTraining.preset.tuned') },
        ]}
        onChange={(preset) => onPair(environment, algorithm, preset)}
      />
      <p class="small muted">{t('newTraining.preset.hint')}</p>
    </div>
  );
}

const Kwargs = ({ form, environment }: Pick<TaskProps, 'form' | 'environment'>) => (
  <fieldset class="group">
    <legend>{t('newTraining.task')}</legend>
    <div class="settings">
      {environment.kwargs.map((kwarg) => (
        <KwargField key={kwarg.name} form={form} of={kwarg} />
      ))}
    </div>
  </fieldset>
);
