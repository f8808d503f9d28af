import { useSignal } from '@preact/signals';
import { trainingContract } from '#shared/contracts/training.ts';
import { navigate } from '../../app/location.ts';
import { may, user } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import type { LiveTraining } from './live-training.ts';
import { policies } from './policies.ts';
import { isFinal, type Session } from './status.ts';

/** What can be done with a training as it stands. */
export function TrainingActions({ live, session }: { live: LiveTraining; session: Session }) {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const { status, session_id, pause_requested, owner_id, config } = session;
  const goesOn = !isFinal(status);
  const run = async (act: () => Promise<void>, done: string) => {
    busy.value = true;
    try {
      await act();
      toast('good', done);
    } catch (error) {
      toast('bad', errorText(error));
    } finally {
      busy.value = false;
    }
  };
  const enter = async () => {
    busy.value = true;
    try {
      const { environment, env_kwargs } = config;
      const { entry_id } = await policies.enter({ params: { environment }, body: { session_id } });
      const query = new URLSearchParams({ entry: entry_id, env_kwargs: JSON.stringify(env_kwargs) });
      navigate(`/trainings/leaderboards/${environment}?${query}`);
    } catch (error) {
      toast('bad', errorText(error));
      busy.value = false;
    }
  };
  return (
    <>
      {!goesOn && may(trainingContract.start) && (
        <LinkButton href={`/trainings/new?from=${session_id}`} icon="restart">
          {t('training.again')}
        </LinkButton>
      )}
      {status === 'completed' && owner_id === user.value?.user_id && (
        <Button icon="flag" busy={busy.value} onClick={() => void enter()}>
          {t('leaders.enter')}
        </Button>
      )}
      {status === 'failed' && may(trainingContract.redrive) && (
        <Button
          kind="primary"
          icon="play"
          onClick={() => void run(() => live.redrive(), t('training.redriven'))}
        >
          {t('training.redrive')}
        </Button>
      )}
      {goesOn && status !== 'paused' && may(trainingContract.pause) && (
        <Button
          icon="pause"
          busy={busy.value || pause_requested}
          onClick={() => void run(() => live.pause(), t('training.paused'))}
        >
          {t('training.pause')}
        </Button>
      )}
      {status === 'paused' && may(trainingContract.resume) && (
        <Button
          kind="primary"
          icon="play"
          busy={busy.value}
          onClick={() => void run(() => live.resume(), t('training.resumed'))}
        >
          {t('training.resume')}
        </Button>
      )}
      {goesOn && may(trainingContract.cancel) && (
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
