import type { RecordedConfig, TrainingEvaluated } from '#shared/contracts/training.ts';
import { ApiError } from '#shared/http/client.ts';
import { api } from '../../../app/api.ts';
import { useResource } from '../../../data/resource.ts';
import { t } from '../../../i18n/index.ts';
import { Failure, Skeleton } from '../../../ui/feedback.tsx';
import { EpisodePlayer } from './episode-player.tsx';

interface Props {
  readonly id: string;
  readonly config: RecordedConfig;
  readonly evaluations: readonly TrainingEvaluated[];
}

/** The best episode that an evaluation has recorded so far, to be watched. */
export function BestEpisode({ id, config, evaluations }: Props) {
  const best = evaluations.findLast((evaluation) => evaluation.best);
  const { data, error, reload } = useResource(`replay.${id}.${best?.step ?? 0}`, (signal) =>
    api.training.replay({ params: { session_id: id }, signal }),
  );
  const notYet = error instanceof ApiError && error.status === 404;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('replay.title')}</h2>
        {data && (
          <span class="small muted numbers">{t('replay.of', { step: data.step, reward: data.reward })}</span>
        )}
      </div>
      <div class="card-body">
        {notYet && <p class="muted">{t('replay.notYet')}</p>}
        {error !== undefined && !notYet && <Failure error={error} retry={reload} />}
        {data && <EpisodePlayer key={data.step} {...data} env_kwargs={config.env_kwargs} />}
        {data === undefined && error === undefined && <Skeleton lines={1} height={130} />}
      </div>
    </section>
  );
}
