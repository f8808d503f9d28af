import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../../../app/api.ts';
import { place } from '../../../app/location.ts';
import { inPassing, useAct } from '../../../data/act.ts';
import { t } from '../../../i18n/index.ts';
import '../../../i18n/studio.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../../ui/feedback.tsx';
import { PageHead } from '../../../ui/page.tsx';
import { LiveTraining } from '../live-training.ts';
import { saveTrainingFile } from '../save-training-file.ts';
import { mostCompared, type Run } from './comparison.ts';
import { Comparison } from './comparison-view.tsx';

/** Runs side by side, live as long as one of them goes on; their ids are in the address, so that it can be passed on. */
export function Compare() {
  const ids = place.value.query.get('ids') ?? '';
  const lives = useMemo(
    () =>
      [...new Set(ids.split(',').filter((id) => id !== ''))]
        .slice(0, mostCompared)
        .map((id) => new LiveTraining(id)),
    [ids],
  );
  useEffect(() => {
    for (const live of lives) void live.start();
    return () => {
      for (const live of lives) live.stop();
    };
  }, [lives]);
  const error = lives.find((live) => live.error.value !== undefined)?.error.value;
  const runs = lives.flatMap((live): Run[] =>
    live.session.value
      ? [{ session: live.session.value, curve: live.curve.value, evaluations: live.evaluations.value }]
      : [],
  );
  return (
    <>
      <PageHead
        title={t('compare.title')}
        lead={t('compare.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      >
        {runs.length > 0 && <SaveTable runs={runs} />}
      </PageHead>
      <Failure error={error} />
      {lives.length === 0 && (
        <div class="card">
          <Empty icon="training" title={t('compare.none')} text={t('compare.noneText')}>
            <LinkButton href="/trainings" kind="primary">
              {t('nav.trainings')}
            </LinkButton>
          </Empty>
        </div>
      )}
      {runs.length < lives.length && error === undefined && <Skeleton lines={4} height={64} />}
      {runs.length > 0 && <Comparison runs={runs} />}
    </>
  );
}

function SaveTable({ runs }: { runs: readonly Run[] }) {
  const { busy, run } = useAct(inPassing);
  const save = async () => {
    const ids = runs.map(({ session }) => session.session_id);
    saveTrainingFile(await api.training.exportTable({ query: { ids } }));
  };
  return (
    <Button icon="download" busy={busy !== undefined} onClick={() => void run('save', save)}>
      {t('compare.table')}
    </Button>
  );
}
