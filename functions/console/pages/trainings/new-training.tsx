import { api } from '../../app/api.ts';
import { navigate, place } from '../../app/location.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { useForm } from '../../ui/form.ts';
import { PageHead } from '../../ui/page.tsx';
import { TrainingFields } from './training-fields.tsx';
import { formDefaults, formProblems, fromConfig, type TrainingValues, toConfig } from './training-form.ts';

/** Starts a training; `?from=<id>` starts from the settings of another one. */
export function NewTraining() {
  const from = place.value.query.get('from');
  return (
    <>
      <PageHead
        title={t('training.new')}
        lead={t('newTraining.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      />
      {from === null ? <TrainingForm initial={formDefaults} /> : <CopiedForm id={from} />}
    </>
  );
}

function CopiedForm({ id }: { id: string }) {
  const { data, error, reload } = useResource(`training.${id}`, (signal) =>
    api.training.get({ params: { session_id: id }, signal }),
  );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return data ? <TrainingForm initial={fromConfig(data.config)} /> : <Skeleton lines={6} height={36} />;
}

function TrainingForm({ initial }: { initial: TrainingValues }) {
  const form = useForm(initial, {
    check: formProblems,
    submit: async (values, idempotency_key) => {
      const config = toConfig(values);
      if (!config.success) throw config.error;
      const { session_id } = await api.training.start({ body: config.data, idempotency_key });
      navigate(`/trainings/${session_id}`);
    },
  });
  return <TrainingFields form={form} />;
}
