import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { number, t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure } from '../../../ui/feedback.tsx';
import { Field } from '../../../ui/field.tsx';
import type { Form } from '../../../ui/form.ts';
import { AdvancedFields } from '../form/advanced-fields.tsx';
import { RunFields } from '../form/run-fields.tsx';
import { TaskFields } from '../form/task-fields.tsx';
import { type TrainingValues, valuesFor } from '../form/training-form.ts';
import { SpaceFields } from './space-fields.tsx';
import { isRandom, planOf, variedIn, withSearchOf } from './sweep-form.ts';

interface Props {
  readonly form: Form<TrainingValues>;
  readonly environments: readonly EnvironmentView[];
  readonly environment: EnvironmentView;
}

/** What all trials have in common, what is varied, and how many runs that makes. */
export function SweepFields(props: Props) {
  const { form, environment } = props;
  const varied = variedIn(form.values).map(([name]) => name);
  return (
    <form class="card" noValidate onSubmit={form.onSubmit}>
      <div class="card-body stack-l">
        <TaskFields
          {...props}
          onPair={(to, by, preset) =>
            form.reset(withSearchOf(form.values, valuesFor(form.values, to, by, preset)))
          }
        />
        <RunFields form={form} />
        <SpaceFields form={form} environment={environment} />
        <SizeFields form={form} />
        <AdvancedFields form={form} environment={environment} without={[...varied, 'seed']} />
        <Failure error={form.failure} />
      </div>
      <div class="card-foot">
        <PlanWords values={form.values} />
        <Button kind="primary" submit icon="play" busy={form.busy}>
          {t('sweep.start')}
        </Button>
      </div>
    </form>
  );
}

function PlanWords({ values }: { values: TrainingValues }) {
  const { trials, runs, steps } = planOf(values);
  return (
    <p class="grow small muted numbers" role="status">
      {t('sweep.plan', { trials, runs, steps: number(steps) })}
    </p>
  );
}

const SizeFields = ({ form }: Pick<Props, 'form'>) => (
  <fieldset class="group">
    <legend>{t('sweep.size')}</legend>
    <div class="settings plain">
      {isRandom(form.values) && <SizeField form={form} name="trials" />}
      <SizeField form={form} name="seeds" />
      <SizeField form={form} name="seed" />
      <SizeField form={form} name="max_total_steps" />
    </div>
  </fieldset>
);

const SizeField = ({
  form,
  name,
}: Pick<Props, 'form'> & { name: 'trials' | 'seeds' | 'seed' | 'max_total_steps' }) => (
  <Field label={t(`sweep.${name}`)} hint={t(`sweep.${name}.hint`)} problem={form.problems[name]}>
    {(control) => <input {...control} {...form.control(name)} type="number" inputMode="numeric" step="any" />}
  </Field>
);
