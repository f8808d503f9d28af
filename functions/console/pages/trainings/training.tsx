import { useEffect, useMemo } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import '../../i18n/studio.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { MainChart, MinorCharts } from './charts/charts.tsx';
import { Checkpoints } from './checkpoints.tsx';
import { Downloads } from './downloads.tsx';
import { BestEpisode } from './episodes/best-episode.tsx';
import { Evaluations } from './evaluations.tsx';
import { LiveTraining } from './live-training.ts';
import { isFinal } from './status.ts';
import { TrainingHead } from './training-head.tsx';
import { TrainingProgress } from './training-progress.tsx';
import { TrainingSettings } from './training-settings.tsx';

export function Training({ id }: { id: string }) {
  const live = useMemo(() => new LiveTraining(id), [id]);
  useEffect(() => {
    void live.start();
    return () => live.stop();
  }, [live]);

  const session = live.session.value;
  const error = live.error.value;
  if (!session) {
    if (error !== undefined) return <Failure error={error} retry={() => void live.start()} />;
    return <Skeleton lines={5} height={64} />;
  }
  const evaluations = live.evaluations.value;
  const waiting = !live.caughtUp.value || !isFinal(session.status);
  return (
    <>
      <TrainingHead live={live} session={session} />
      <p class="visually-hidden" role="status">
        {t('training.announce', { status: t(`status.${session.status}`) })}
      </p>
      {error !== undefined && <Failure error={error} retry={() => void live.start()} />}
      <TrainingProgress session={session} />
      <div class="training-grid">
        <MainChart
          config={session.config}
          curve={live.curve.value}
          evaluations={evaluations}
          waiting={waiting}
        />
        <div class="stack training-side">
          <Evaluations
            evaluations={evaluations}
            every={session.config.eval_frequency}
            ended={isFinal(session.status)}
          />
          {evaluations.length > 0 && (
            <BestEpisode id={id} config={session.config} evaluations={evaluations} />
          )}
          <Checkpoints id={id} version={`${session.status}.${evaluations.length}`} />
          <Downloads session={session} />
          <TrainingSettings config={session.config} />
        </div>
        <MinorCharts config={session.config} curve={live.curve.value} waiting={waiting} />
      </div>
    </>
  );
}
