import { useSignal } from '@preact/signals';
import { trainingContract } from '#shared/contracts/training.ts';
import { may, user } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago } from '../../ui/words.tsx';
import type { LiveTraining } from './live-training.ts';
import { isFinal, nameOf, type Session } from './status.ts';
import { StatusBadge } from './status-badge.tsx';

/** Up to the list that the training stands in for who looks at it. */
function listOf({ config }: Session, isOwn: boolean) {
  const role = user.value?.role;
  if (!isOwn && config.class_id !== undefined && (role === 'teacher' || role === 'assistant'))
    return { href: `/classes/${config.class_id}/trainings`, label: t('training.ofClass') };
  return may(trainingContract.start)
    ? { href: '/trainings', label: t('nav.trainings') }
    : { href: '/', label: t('nav.home') };
}

export function TrainingHead({ live, session }: { live: LiveTraining; session: Session }) {
  const asking = useSignal(false);
  const { config, status, owner_id, owner_name, created_at, session_id } = session;
  const isOwn = owner_id === user.value?.user_id;
  const redrive = async () => {
    try {
      await live.redrive();
      toast('good', t('training.redriven'));
    } catch (error) {
      toast('bad', errorText(error));
    }
  };
  return (
    <>
      <PageHead
        title={nameOf(session)}
        back={listOf(session, isOwn)}
        lead={
          <span class="row">
            <StatusBadge status={status} />
            <span>
              {config.algorithm.toUpperCase()} · {config.environment}
              {!isOwn && ` · ${owner_name}`} · <Ago at={created_at} />
            </span>
          </span>
        }
      >
        {isFinal(status) && may(trainingContract.start) && (
          <LinkButton href={`/trainings/new?from=${session_id}`} icon="restart">
            {t('training.again')}
          </LinkButton>
        )}
        {status === 'failed' && may(trainingContract.redrive) && (
          <Button kind="primary" icon="play" onClick={() => void redrive()}>
            {t('training.redrive')}
          </Button>
        )}
        {!isFinal(status) && may(trainingContract.cancel) && (
          <Button
            kind="danger"
            icon="stop"
            onClick={() => {
              asking.value = true;
            }}
          >
            {t('training.cancel')}
          </Button>
        )}
      </PageHead>
      {asking.value && (
        <Confirm
          title={t('training.cancelTitle')}
          text={t('training.cancelText')}
          action={t('training.cancel')}
          onClose={() => {
            asking.value = false;
          }}
          act={async () => {
            await live.cancel();
            toast('good', t('training.cancelled'));
          }}
        />
      )}
    </>
  );
}
