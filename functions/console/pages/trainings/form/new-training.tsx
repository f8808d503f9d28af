import { api } from '../../../app/api.ts';
import { navigate } from '../../../app/location.ts';
import { t } from '../../../i18n/index.ts';
import '../../../i18n/studio.ts';
import { useForm } from '../../../ui/form.ts';
import { PageHead } from '../../../ui/page.tsx';
import { environmentIn, FormStart, type Offered } from './form-start.tsx';
import { TrainingFields } from './training-fields.tsx';
import { formProblems, type Kwarg, seedsIn, type TrainingValues, toConfig } from './training-form.ts';

/** Starts a training; `?from=<id>` starts from the settings of another one. */
export const NewTraining = () => (
  <>
    <PageHead
      title={t('training.new')}
      lead={t('newTraining.lead')}
      back={{ href: '/trainings', label: t('nav.trainings') }}
    />
    <FormStart>{(start) => <TrainingForm {...start} />}</FormStart>
  </>
);

function TrainingForm({ initial, ...offered }: Offered & { initial: TrainingValues }) {
  const form = useForm(initial, {
    check: (values) => formProblems(values, environmentIn(values, offered).kwargs),
    submit: async (values, key) => {
      const started = await start(values, environmentIn(values, offered).kwargs, key);
      navigate(
        started.length === 1 ? `/trainings/${started[0]}` : `/trainings/compare?ids=${started.join(',')}`,
      );
    },
  });
  const { environments } = offered;
  return (
    <TrainingFields
      form={form}
      environments={environments}
      environment={environmentIn(form.values, offered)}
    />
  );
}

/** One run for each seed; sent again after a failure, those that had started are not started twice. */
async function start(values: TrainingValues, kwargs: readonly Kwarg[], key: string): Promise<string[]> {
  const started: string[] = [];
  for (const [index, seed] of seedsIn(values).entries()) {
    const config = toConfig(values, kwargs, seed);
    if (!config.success) throw config.error;
    const run = await api.training.start({ body: config.data, idempotency_key: `${key}-${index}` });
    started.push(run.session_id);
  }
  return started;
}
