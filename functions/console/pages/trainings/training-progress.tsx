import { connection } from '../../app/api.ts';
import { now } from '../../app/clock.ts';
import { duration, number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Progress } from '../../ui/words.tsx';
import { isFinal, reasonOf, type Session, share } from './status.ts';
import { Warnings } from './warnings.tsx';

/** How far, how fast, how long yet; or how it ended. */
export function TrainingProgress({ session }: { session: Session }) {
  const { status } = session;
  const kind = status === 'completed' ? 'good' : status === 'failed' ? 'bad' : '';
  return (
    <section class="card training-progress" aria-label={t('training.progress')}>
      <div class="spread">
        <dl class="figures-line">
          {factsOf(session).map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {!isFinal(status) && status !== 'paused' && <Connection />}
      </div>
      <Progress value={share(session)} label={t('training.progress')} kind={kind} />
      <Trouble session={session} />
      <Warnings warnings={session.warnings} />
    </section>
  );
}

interface Fact {
  readonly label: string;
  readonly value: string;
}
function factsOf({
  status,
  progress,
  queue_position,
  best_mean_reward,
  started_at,
  ended_at,
}: Session): Fact[] {
  const facts: (Fact | false)[] = [
    {
      label: t('training.stepsLabel'),
      value: t('training.steps', { step: progress.step, max: progress.max_steps }),
    },
    status === 'pending' &&
      queue_position !== null && { label: t('training.queue'), value: number(queue_position) },
    status === 'running' &&
      progress.fps !== null && {
        label: t('training.speed'),
        value: t('training.fps', { fps: Math.round(progress.fps) }),
      },
    status === 'running' &&
      progress.eta_s !== null && { label: t('training.left'), value: duration(progress.eta_s) },
    best_mean_reward !== null && { label: t('training.best'), value: number(best_mean_reward, 1) },
    started_at !== null &&
      ended_at !== null && {
        label: t('training.took'),
        value: duration((Date.parse(ended_at) - Date.parse(started_at)) / 1000),
      },
    started_at !== null &&
      status === 'interrupted' && {
        label: t('training.since'),
        value: duration((now.value - Date.parse(started_at)) / 1000),
      },
  ];
  return facts.filter((fact) => fact !== false);
}

function Connection() {
  const live = connection.value === 'open';
  return (
    <span class="connection">
      {live ? (
        <span class="badge good">
          <span class="dot live" />
          {t('live.open')}
        </span>
      ) : (
        <Icon name="offline" size={16} />
      )}
      {!live && t('live.waiting')}
    </span>
  );
}

function Trouble({ session }: { session: Session }) {
  const { status, error_code, queue_position } = session;
  if (status === 'failed')
    return (
      <div class="note bad">
        <Icon name="alert" />
        <p>
          {reasonOf(session)}
          {error_code !== null && <small class="mono">{error_code}</small>}
        </p>
      </div>
    );
  if (status === 'pending')
    return (
      <p class="small muted">{queue_position === null ? t('training.starting') : t('training.queueText')}</p>
    );
  if (status === 'paused') return <p class="small muted">{t('training.pausedText')}</p>;
  if (session.pause_requested) return <p class="small muted">{t('training.pausing')}</p>;
  if (status === 'interrupted') return <p class="small muted">{t('training.interruptedText')}</p>;
  return null;
}
