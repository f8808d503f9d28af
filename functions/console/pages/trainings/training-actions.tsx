import { useSignal } from '@preact/signals';
import { trainingContract } from '#shared/contracts/training.ts';
import { navigate } from '../../app/location.ts';
import { may, user } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { inPassing, useAct } from '../../data/act.ts';
import { t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import type { LiveTraining } from './live-training.ts';
import { policies } from './policies.ts';
import { isFinal, type Session } from './status.ts';

interface ActionsProps {
  readonly live: LiveTraining;
  readonly session: Session;
}

/** What can be done with a training as it stands. */
export const TrainingActions = (props: ActionsProps) =>
  isFinal(props.session.status) ? <AfterTheEnd {...props} /> : <Steering {...props} />;

function AfterTheEnd({ live, session }: ActionsProps) {
  const { status, session_id, owner_id } = session;
  const { busy, run } = useAct(inPassing);
  return (
    <>
      {may(trainingContract.start) && (
        <>
          <LinkButton href={`/trainings/sweeps/new?from=${session_id}`} icon="search">
            {t('sweep.around')}
          </LinkButton>
          <LinkButton href={`/trainings/new?from=${session_id}`} icon="restart">
            {t('training.again')}
          </LinkButton>
        </>
      )}
      {status === 'completed' && owner_id === user.value?.user_id && (
        <Button icon="flag" busy={busy === 'enter'} onClick={() => void run('enter', () => enter(session))}>
          {t('leaders.enter')}
        </Button>
      )}
      {status === 'failed' && may(trainingContract.redrive) && (
        <Button
          kind="primary"
          icon="play"
          busy={busy === 'redrive'}
          onClick={() =>
            void run('redrive', async () => {
              await live.redrive();
              toast('good', t('training.redriven'));
            })
          }
        >
          {t('training.redrive')}
        </Button>
      )}
    </>
  );
}

/** The board shows what becomes of the entry. */
async function enter({ session_id, config: { environment, env_kwargs } }: Session): Promise<void> {
  const { entry_id } = await policies.enter({ params: { environment }, body: { session_id } });
  const query = new URLSearchParams({ entry: entry_id, env_kwargs: JSON.stringify(env_kwargs) });
  navigate(`/trainings/leaderboards/${environment}?${query}`);
}

function Steering({ live, session: { status, pause_requested } }: ActionsProps) {
  const { busy, run } = useAct(inPassing);
  return (
    <>
      {status === 'paused' && may(trainingContract.resume) && (
        <Button
          kind="primary"
          icon="play"
          busy={busy === 'resume'}
          onClick={() =>
            void run('resume', async () => {
              await live.resume();
              toast('good', t('training.resumed'));
            })
          }
        >
          {t('training.resume')}
        </Button>
      )}
      {status !== 'paused' && may(trainingContract.pause) && (
        <Button
          icon="pause"
          busy={busy === 'pause' || pause_requested}
          onClick={() =>
            void run('pause', async () => {
              await live.pause();
              toast('good', t('training.paused'));
            })
          }
        >
          {t('training.pause')}
        </Button>
      )}
      {may(trainingContract.cancel) && <Cancel live={live} />}
    </>
  );
}

function Cancel({ live }: Pick<ActionsProps, 'live'>) {
  const asking = useSignal(false);
  const ask = (is: boolean) => () => {
    asking.value = is;
  };
  return (
    <>
      <Button kind="danger" icon="stop" onClick={ask(true)}>
        {t('training.cancel')}
      </Button>
      {asking.value && (
        <Confirm
          title={t('training.cancelTitle')}
          text={t('training.cancelText')}
          action={t('training.cancel')}
          onClose={ask(false)}
          act={async () => {
            await live.cancel();
            toast('good', t('training.cancelled'));
          }}
        />
      )}
    </>
  );
}
