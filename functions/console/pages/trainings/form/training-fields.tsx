import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure } from '../../../ui/feedback.tsx';
import type { Form } from '../../../ui/form.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { RunFields } from './run-fields.tsx';
import { TaskFields } from './task-fields.tsx';
import { type TrainingValues, valuesFor } from './training-form.ts';

interface Props {
  readonly form: Form<TrainingValues>;
  readonly environments: readonly EnvironmentView[];
  readonly environment: EnvironmentView;
}

export const TrainingFields = (props: Props) => {
  const { form, environment } = props;
  return (
    <form class="card" noValidate onSubmit={form.onSubmit}>
      <div class="card-body stack-l">
        <TaskFields
          {...props}
          onPair={(to, by, preset) => form.reset(valuesFor(form.values, to, by, preset))}
        />
        <RunFields form={form} />
        <AdvancedFields form={form} environment={environment} />
        <Failure error={form.failure} />
      </div>
      <div class="card-foot">
        <Button kind="primary" submit icon="play" busy={form.busy}>
          {t('training.start')}
        </Button>
      </div>
    </form>
  );
};
