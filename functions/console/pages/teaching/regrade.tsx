import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Regrade } from '#shared/contracts/regrades.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { type Resource, useResource } from '../../data/resource.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago, Progress } from '../../ui/words.tsx';
import { followJob } from '../exercises/follow-job.ts';
import { Check } from './inputs.tsx';
import { RegradeRows } from './regrade-rows.tsx';
import { RegradeBadge } from './regrades.tsx';

const isMoving = ({ status }: Regrade): boolean => status === 'pending' || status === 'running';

/** Who rises and who falls with other tests; nothing changes before it is applied. */
export function RegradePage({ id }: { id: string }) {
  const resource = useResource(`regrade.${id}`, (signal) =>
    api.regrades.getRegrade({ params: { regrade_id: id }, signal }),
  );
  const { data, error, reload } = resource;
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={4} height={64} />;
  return <Shown regrade={data} resource={resource} />;
}

function Shown({ regrade, resource }: { regrade: Regrade; resource: Resource<Regrade> }) {
  const { regrade_id, job_id, to_version, assignment_id, exercise_id } = regrade;
  const moving = isMoving(regrade);
  useEffect(() => {
    if (!moving) return;
    return followJob({
      id: job_id,
      read: () => api.regrades.getRegrade({ params: { regrade_id } }),
      isFinal: (state) => !isMoving(state),
      isWaiting: () => false,
      onState: resource.set,
    });
  }, [job_id, moving]);
  const back =
    assignment_id === null ? `/exercises/${exercise_id}/regrades` : `/assignments/${assignment_id}/regrades`;
  return (
    <>
      <PageHead
        title={t('regrade.with', { n: to_version })}
        back={{ href: back, label: t('regrade.title') }}
        lead={
          <span class="row">
            <RegradeBadge regrade={regrade} />
            <Ago at={regrade.created_at} />
          </span>
        }
      />
      <div class="stack-l">
        {moving && <Moving regrade={regrade} />}
        {regrade.status === 'failed' && (
          <Note kind="bad" icon="alert">
            {t('regrade.failedText')}
          </Note>
        )}
        {!moving && regrade.status !== 'failed' && (
          <>
            <Figures regrade={regrade} />
            {regrade.status === 'previewed' && <Apply regrade={regrade} onApplied={resource.set} />}
            {regrade.status === 'applied' && (
              <Note kind="good" icon="check">
                {t('regrade.appliedText')}
              </Note>
            )}
            <RegradeRows key={regrade.status} regrade={regrade} />
          </>
        )}
      </div>
    </>
  );
}

function Moving({ regrade: { progress, queue_position, applied_at } }: { regrade: Regrade }) {
  const { done, total } = progress;
  return (
    <section class="card card-body stack" aria-busy="true">
      <p role="status">
        <strong>
          {queue_position === null
            ? t(applied_at === null ? 'regrade.running' : 'regrade.applying')
            : t('submit.waitingAt', { n: queue_position })}
        </strong>
      </p>
      <Progress value={total === 0 ? 0 : done / total} label={t('regrade.running')} />
      <p class="small muted numbers">{t('regrade.progress', { done, total })}</p>
    </section>
  );
}

const Figures = ({ regrade }: { regrade: Regrade }) => (
  <dl class="figures">
    {(['rises', 'falls', 'same', 'failed'] as const).map((change) => (
      <div key={change} class={`card figure-card ${regrade[change] > 0 ? `change-${change}` : ''}`}>
        <dt>{t(`regrade.change.${change}`)}</dt>
        <dd>{number(regrade[change])}</dd>
      </div>
    ))}
  </dl>
);

function fallsText(falls: number, neverLower: boolean): string {
  if (falls === 0) return t('regrade.noFalls');
  return counted(neverLower ? 'regrade.keptFalls' : 'regrade.realFalls', falls);
}

function Apply({ regrade, onApplied }: { regrade: Regrade; onApplied: (regrade: Regrade) => void }) {
  const asking = useSignal(false);
  const neverLower = useSignal(regrade.never_lower);
  const { regrade_id, rises, falls } = regrade;
  const changes = rises + (neverLower.value ? 0 : falls);
  return (
    <section class="card card-body stack">
      <Check
        label={t('regrade.neverLower')}
        hint={fallsText(falls, neverLower.value)}
        checked={neverLower.value}
        onChange={(checked) => {
          neverLower.value = checked;
        }}
      />
      <div class="row">
        <Button
          kind="primary"
          disabled={changes === 0}
          onClick={() => {
            asking.value = true;
          }}
        >
          {t('regrade.apply')}
        </Button>
        <span class="small muted">{changes === 0 ? t('regrade.nothing') : t('regrade.overridesStay')}</span>
      </div>
      {asking.value && (
        <Confirm
          title={t('regrade.applyTitle')}
          text={`${counted('regrade.applyText', changes)} ${t('regrade.overridesStay')}`}
          action={t('regrade.apply')}
          kind="primary"
          onClose={() => {
            asking.value = false;
          }}
          act={async () => {
            onApplied(
              await api.regrades.applyRegrade({
                params: { regrade_id },
                body: { never_lower: neverLower.value },
              }),
            );
            toast('good', t('regrade.started'));
          }}
        />
      )}
    </section>
  );
}
