import { useEffect, useRef } from 'preact/hooks';
import { api } from '../../app/api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { CartPole } from './cart-pole.tsx';
import { HyperparameterField } from './hyperparameter-field.tsx';
import { type Hyperparameter, hyperparameters, runDefaults, type TrainingValues } from './training-form.ts';

type TrainingForm = Form<TrainingValues>;
const groups: readonly {
  readonly title: 'optimiser' | 'rollout' | 'objective';
  readonly names: Hyperparameter[];
}[] = [
  { title: 'rollout', names: ['n_steps', 'gamma', 'gae_lambda'] },
  { title: 'optimiser', names: ['learning_rate', 'batch_size', 'n_epochs', 'max_grad_norm'] },
  { title: 'objective', names: ['clip_range', 'clip_range_vf', 'entropy_coef', 'value_coef', 'target_kl'] },
];

export function TrainingFields({ form }: { form: TrainingForm }) {
  const hiddenProblem = [...hyperparameters, 'eval_frequency', 'save_frequency', 'seed'].some((name) =>
    Object.hasOwn(form.problems, name),
  );
  const advanced = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    // opened for a problem, it stays open when the problem is solved
    if (hiddenProblem && advanced.current) advanced.current.open = true;
  }, [hiddenProblem]);
  return (
    <form class="card" noValidate onSubmit={form.onSubmit}>
      <div class="card-body stack-l">
        <EnvironmentCard />
        <Basics form={form} />
        <details class="disclosure" ref={advanced}>
          <summary>
            <Icon name="chevron" size={16} />
            {t('newTraining.advanced')}
            <span class="disclosure-note">{t('newTraining.advancedNote')}</span>
          </summary>
          <Advanced form={form} />
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

const EnvironmentCard = () => (
  <div class="environment">
    <CartPole state={[0, 0, 0.14]} action={1} />
    <div class="grow">
      <h2>{t('newTraining.task')}</h2>
      <p class="small muted">{t('newTraining.taskText')}</p>
    </div>
  </div>
);

function Basics({ form }: { form: TrainingForm }) {
  return (
    <div class="two">
      <Field
        label={t('training.name')}
        optional
        problem={form.problems.name}
        hint={t('newTraining.nameHint')}
      >
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
}

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

const Advanced = ({ form }: { form: TrainingForm }) => (
  <div class="stack-l">
    <fieldset class="group">
      <legend>{t('newTraining.group.run')}</legend>
      <div class="settings">
        <RunField form={form} name="seed" />
        <RunField form={form} name="eval_frequency" />
        <RunField form={form} name="save_frequency" />
      </div>
    </fieldset>
    {groups.map(({ title, names }) => (
      <fieldset class="group" key={title}>
        <legend>{t(`newTraining.group.${title}`)}</legend>
        <div class="settings">
          {names.map((name) => (
            <HyperparameterField key={name} form={form} name={name} />
          ))}
        </div>
      </fieldset>
    ))}
  </div>
);

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
        type="number"
        inputMode="numeric"
        min={0}
        step="any"
        placeholder={runDefaults[name]}
      />
    )}
  </Field>
);
