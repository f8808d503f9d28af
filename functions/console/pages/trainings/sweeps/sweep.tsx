import { useSignal } from '@preact/signals';
import { trainingContract } from '#shared/contracts/training.ts';
import type { Sweep } from '#shared/contracts/training-sweeps.ts';
import { api } from '../../../app/api.ts';
import { may, user } from '../../../app/session.ts';
import { toast } from '../../../app/toasts.ts';
import { number, t } from '../../../i18n/index.ts';
import '../../../i18n/studio.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Confirm } from '../../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../../ui/feedback.tsx';
import { PageHead } from '../../../ui/page.tsx';
import { Ago, Progress } from '../../../ui/words.tsx';
import { mostCompared } from '../compare/comparison.ts';
import { StatusBadge } from '../status-badge.tsx';
import { useLiveSweep } from './live-sweep.ts';
import { SweepPicture } from './sweep-picture.tsx';
import { RunsTable, TrialsTable } from './sweep-tables.tsx';
import { shareOf, sweepName, taskOf } from './sweep-words.ts';

/** A search over hyperparameters: how far it is, and which settings learn best so far. */
export function SweepPage({ id }: { id: string }) {
  const { data, error, reload, set } = useLiveSweep(id);
  if (!data)
    return error === undefined ? (
      <Skeleton lines={5} height={64} />
    ) : (
      <Failure error={error} retry={reload} />
    );
  return (
    <>
      <SweepHead sweep={data} onChanged={set} />
      <p class="visually-hidden" role="status">
        {t('training.announce', { status: t(`status.${data.status}`) })}
      </p>
      <Failure error={error} retry={reload} />
      <SweepProgress sweep={data} />
      <div class="stack-l">
        <SweepPicture trials={data.trials} best={data.best_trial} />
        <TrialsTable sweep={data} />
        <RunsTable sweep={data} />
      </div>
    </>
  );
}

interface HeadProps {
  readonly sweep: Sweep;
  readonly onChanged: (sweep: Sweep) => void;
}
function SweepHead({ sweep, onChanged }: HeadProps) {
  const runs = sweep.trials.flatMap(({ session_ids }) => session_ids);
  const isOwn = sweep.owner_id === user.value?.user_id;
  return (
    <PageHead
      title={sweepName(sweep)}
      back={
        isOwn ? { href: '/trainings/sweeps', label: t('sweeps.title') } : { href: '/', label: t('nav.home') }
      }
      lead={
        <span class="row">
          <StatusBadge status={sweep.status} />
          <span>
            {taskOf(sweep)} · {t(`sweep.method.${sweep.method}`)} · <Ago at={sweep.created_at} />
          </span>
        </span>
      }
    >
      {runs.length > 1 && runs.length <= mostCompared && (
        <LinkButton href={`/trainings/compare?ids=${runs.join(',')}`} icon="training">
          {t('sweep.curves')}
        </LinkButton>
      )}
      {sweep.status === 'running' && may(trainingContract.cancelSweep) && (
        <CancelSweep sweep={sweep} onChanged={onChanged} />
      )}
    </PageHead>
  );
}

function CancelSweep({ sweep: { sweep_id, progress }, onChanged }: HeadProps) {
  const asking = useSignal(false);
  const ask = (is: boolean) => () => {
    asking.value = is;
  };
  return (
    <>
      <Button kind="danger" icon="stop" onClick={ask(true)}>
        {t('sweep.cancel')}
      </Button>
      {asking.value && (
        <Confirm
          title={t('sweep.cancelTitle')}
          text={t('sweep.cancelText', { n: progress.total - progress.ended })}
          action={t('sweep.cancel')}
          onClose={ask(false)}
          act={async () => {
            onChanged(await api.training.cancelSweep({ params: { sweep_id } }));
            toast('good', t('sweep.cancelled'));
          }}
        />
      )}
    </>
  );
}

function SweepProgress({ sweep }: { sweep: Sweep }) {
  const { ended, failed, total, step, max_steps } = sweep.progress;
  const best = sweep.best_trial === null ? undefined : sweep.trials[sweep.best_trial]?.reward?.mean;
  const facts = [
    { label: t('sweep.runs'), value: t('sweep.ended', { ended, total }) },
    ...(failed > 0 ? [{ label: t('status.failed'), value: number(failed) }] : []),
    { label: t('training.stepsLabel'), value: t('training.steps', { step, max: max_steps }) },
    ...(best === undefined ? [] : [{ label: t('training.best'), value: number(best, 1) }]),
  ];
  return (
    <section class="card training-progress" aria-label={t('training.progress')}>
      <dl class="figures-line">
        {facts.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Progress
        value={shareOf(sweep)}
        label={t('training.progress')}
        kind={sweep.status === 'completed' ? 'good' : ''}
      />
      {sweep.status === 'running' && <p class="small muted">{t('sweep.goesOn')}</p>}
    </section>
  );
}
