import { trainingContract } from '#shared/contracts/training.ts';
import { may, user } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { PageHead } from '../../ui/page.tsx';
import { Ago } from '../../ui/words.tsx';
import { titleOf } from './environment-title.ts';
import type { LiveTraining } from './live-training.ts';
import { nameOf, type Session } from './status.ts';
import { StatusBadge } from './status-badge.tsx';
import { TrainingActions } from './training-actions.tsx';

/** Up to the list that the training stands in for who looks at it. */
function listOf({ config, sweep_id }: Session, isOwn: boolean) {
  const role = user.value?.role;
  if (sweep_id !== null) return { href: `/trainings/sweeps/${sweep_id}`, label: t('sweeps.of') };
  if (!isOwn && config.class_id !== undefined && (role === 'teacher' || role === 'assistant'))
    return { href: `/classes/${config.class_id}/trainings`, label: t('training.ofClass') };
  return may(trainingContract.start)
    ? { href: '/trainings', label: t('nav.trainings') }
    : { href: '/', label: t('nav.home') };
}

export function TrainingHead({ live, session }: { live: LiveTraining; session: Session }) {
  const { config, status, owner_id, owner_name, created_at } = session;
  const isOwn = owner_id === user.value?.user_id;
  return (
    <PageHead
      title={nameOf(session)}
      back={listOf(session, isOwn)}
      lead={
        <span class="row">
          <StatusBadge status={status} />
          <span>
            {config.algorithm.toUpperCase()} · {titleOf(config.environment)}
            {!isOwn && ` · ${owner_name}`} · <Ago at={created_at} />
          </span>
        </span>
      }
    >
      <TrainingActions live={live} session={session} />
    </PageHead>
  );
}
