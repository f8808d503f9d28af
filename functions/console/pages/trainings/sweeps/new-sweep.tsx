import { api } from '../../../app/api.ts';
import { navigate } from '../../../app/location.ts';
import { t } from '../../../i18n/index.ts';
import '../../../i18n/studio.ts';
import { useForm } from '../../../ui/form.ts';
import { PageHead } from '../../../ui/page.tsx';
import { environmentIn, FormStart, type Offered } from '../form/form-start.tsx';
import { hyperparametersOf } from '../form/hyperparameters.ts';
import { algorithmIn, type TrainingValues } from '../form/training-form.ts';
import { SweepFields } from './sweep-fields.tsx';
import { searchDefaults, sweepProblems, toSweep, varying } from './sweep-form.ts';

/** Starts a sweep; `?from=<id>` starts around the settings of a training. */
export const NewSweep = () => (
  <>
    <PageHead
      title={t('sweep.new')}
      lead={t('sweeps.lead')}
      back={{ href: '/trainings/sweeps', label: t('sweeps.title') }}
    />
    <FormStart>{(start) => <SweepForm {...start} />}</FormStart>
  </>
);

/** Every algorithm has a learning rate, and it is the first thing to try. */
function searching(settings: TrainingValues): TrainingValues {
  const [first] = hyperparametersOf(algorithmIn(settings)).filter(([name]) => name === 'learning_rate');
  const values = { ...settings, ...searchDefaults, seed: '' };
  return first ? { ...values, ...varying(values, first) } : values;
}

function SweepForm({ initial, ...offered }: Offered & { initial: TrainingValues }) {
  const form = useForm(searching(initial), {
    check: (values) => sweepProblems(values, environmentIn(values, offered).kwargs),
    submit: async (values, idempotency_key) => {
      const body = toSweep(values, environmentIn(values, offered).kwargs);
      if (!body.success) throw body.error;
      const { sweep_id } = await api.training.startSweep({ body: body.data, idempotency_key });
      navigate(`/trainings/sweeps/${sweep_id}`);
    },
  });
  const { environments } = offered;
  return (
    <SweepFields form={form} environments={environments} environment={environmentIn(form.values, offered)} />
  );
}
