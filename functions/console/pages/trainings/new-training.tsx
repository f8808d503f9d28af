import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { api } from '../../app/api.ts';
import { navigate, place } from '../../app/location.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import '../../i18n/studio.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { useForm } from '../../ui/form.ts';
import { PageHead } from '../../ui/page.tsx';
import { useEnvironments } from './environments.ts';
import { TrainingFields } from './training-fields.tsx';
import {
  formProblems,
  fromConfig,
  type Kwarg,
  runDefaults,
  seedsIn,
  type TrainingValues,
  toConfig,
  valuesFor,
} from './training-form.ts';

/** Starts a training; `?from=<id>` starts from the settings of another one. */
export function NewTraining() {
  const from = place.value.query.get('from');
  const { data, error, reload } = useEnvironments();
  const [first] = data ?? [];
  return (
    <>
      <PageHead
        title={t('training.new')}
        lead={t('newTraining.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      />
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={6} height={36} />}
      {data && first && from === null && (
        <TrainingForm
          initial={valuesFor(runDefaults, first, 'ppo', 'none')}
          environments={data}
          first={first}
        />
      )}
      {data && first && from !== null && <CopiedForm id={from} environments={data} first={first} />}
    </>
  );
}

interface Offered {
  readonly environments: readonly EnvironmentView[];
  readonly first: EnvironmentView;
}

function CopiedForm({ id, environments, first }: Offered & { id: string }) {
  const { data, error, reload } = useResource(`training.${id}`, (signal) =>
    api.training.get({ params: { session_id: id }, signal }),
  );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={6} height={36} />;
  const environment = environments.find((one) => one.id === data.config.environment) ?? first;
  return (
    <TrainingForm initial={fromConfig(data.config, environment)} environments={environments} first={first} />
  );
}

function TrainingForm({ initial, environments, first }: Offered & { initial: TrainingValues }) {
  const environmentOf = ({ environment }: TrainingValues) =>
    environments.find(({ id }) => id === environment) ?? first;
  const form = useForm(initial, {
    check: (values) => formProblems(values, environmentOf(values).kwargs),
    submit: async (values, key) => {
      const started = await start(values, environmentOf(values).kwargs, key);
      navigate(
        started.length === 1 ? `/trainings/${started[0]}` : `/trainings/compare?ids=${started.join(',')}`,
      );
    },
  });
  return <TrainingFields form={form} environments={environments} environment={environmentOf(form.values)} />;
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
