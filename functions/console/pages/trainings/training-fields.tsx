import { useEffect, useRef } from 'preact/hooks';
import type { AlgorithmName } from '#shared/contracts/training-config.ts';
import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Select } from '../../ui/select.tsx';
import { AdvancedFields } from './advanced-fields.tsx';
import { EnvironmentCard } from './environment-card.tsx';
import { titleOf } from './environment-title.ts';
import { KwargField } from './hyperparameter-field.tsx';
import { RunFields } from './run-fields.tsx';
import { algorithmIn, isTuned, kwargsOf, type TrainingValues, valuesFor } from './training-form.ts';

type TrainingForm = Form<TrainingValues>;
interface Props {
  readonly form: TrainingForm;
  readonly environments: readonly EnvironmentView[];
  readonly environment: EnvironmentView;
}

/** These are in sight; every other field is among the advanced ones. */
const inSight = ['environment', 'algorithm', 'name', 'max_steps', 'class_id'];

export function TrainingFields({ form, environments, environment }: Props) {
  const shown = [...inSight, ...environment.kwargs.map(({ name }) => name)];
  const hiddenProblem = Object.keys(form.problems).some((name) => !shown.includes(name));
  const advanced = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    // opened for a problem, it stays open when the problem is solved
    if (hiddenProblem && advanced.current) advanced.current.open = true;
  }, [hiddenProblem]);
  return (
    <form class="card" noValidate onSubmit={form.onSubmit}>
      <div class="card-body stack-l">
        <EnvironmentCard environment={environment} kwargs={kwargsOf(form.values, environment.kwargs)} />
        <Pair form={form} environments={environments} environment={environment} />
        {environment.kwargs.length > 0 && <Kwargs form={form} environment={environment} />}
        <RunFields form={form} />
        <details class="disclosure" ref={advanced}>
          <summary>
            <Icon name="chevron" size={16} />
            {t('newTraining.advanced')}
            <span class="disclosure-note">
              {t('newTraining.advancedNote', { algorithm: algorithmIn(form.values).toUpperCase() })}
            </span>
          </summary>
          <AdvancedFields form={form} environment={environment} />
        </details>
        <Failure error={form.failure} />
      </div>
      <div class="card-foot">
        <Button kind="primary" submit icon="play" busy={form.busy}>
          {t('training.start')}
        </Button>
      </div>
    </form>
  );
}

/** What learns and what is learnt; changing either brings the settings that suit the pair. */
function Pair({ form, environments, environment }: Props) {
  const { values } = form;
  const algorithm = algorithmIn(values);
  const change = (to: EnvironmentView, by: AlgorithmName, preset: string) =>
    form.reset(valuesFor(values, to, by, preset));
  const suited = (to: EnvironmentView, by: AlgorithmName) => change(to, by, isTuned(to, by) ? 'zoo' : 'none');
  return (
    <div class="stack">
      <div class="two">
        <Field label={t('newTraining.environment')} problem={form.problems.environment}>
          {(control) => (
            <Select
              {...control}
              name="environment"
              value={values.environment}
              onChange={(id) => {
                const to = environments.find((one) => one.id === id);
                if (to) suited(to, to.algorithms.includes(algorithm) ? algorithm : to.suggested_algorithm);
              }}
            >
              {environments.map(({ id, title }) => (
                <option key={id} value={id}>
                  {titleOf(id, title)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('newTraining.algorithm')}
          problem={form.problems.algorithm}
          hint={t(`algorithm.${algorithm}`)}
        >
          {(control) => (
            <Select
              {...control}
              name="algorithm"
              value={algorithm}
              onChange={(name) => {
                const to = environment.algorithms.find((one) => one === name);
                if (to) suited(environment, to);
              }}
            >
              {environment.algorithms.map((name) => (
                <option key={name} value={name}>
                  {name.toUpperCase()}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {isTuned(environment, algorithm) ? (
        <div class="preset">
          <Segments
            label={t('newTraining.preset')}
            value={values.preset}
            options={[
              { value: 'none', label: t('newTraining.preset.none') },
              { value: 'zoo', label: t('newTraining.preset.zoo') },
            ]}
            onChange={(preset) => change(environment, algorithm, preset)}
          />
          <p class="small muted">{t('newTraining.preset.hint')}</p>
        </div>
      ) : (
        <p class="small muted">{t('newTraining.noPreset')}</p>
      )}
    </div>
  );
}

const Kwargs = ({ form, environment }: Pick<Props, 'form' | 'environment'>) => (
  <fieldset class="group">
    <legend>{t('newTraining.task')}</legend>
    <div class="settings">
      {environment.kwargs.map((kwarg) => (
        <KwargField key={kwarg.name} form={form} of={kwarg} />
      ))}
    </div>
  </fieldset>
);
