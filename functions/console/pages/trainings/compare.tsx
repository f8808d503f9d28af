import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { api } from '../../app/api.ts';
import { place } from '../../app/location.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import '../../i18n/studio.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { CompareControls, type View } from './compare-controls.tsx';
import { DifferencesTable, ResultsTable } from './compare-tables.tsx';
import { curveLines, evaluationLines, groupLines, groupsOf, labelOf, type Run } from './comparison.ts';
import { saveMetrics } from './downloads.tsx';
import { LiveTraining } from './live-training.ts';
import { OverlayChart } from './overlay-chart.tsx';
import { type Span, wholeSpan } from './span.ts';

/** As many as there are in one CSV. */
const most_runs = 20;

/** `?ids=a,b,c`: runs side by side, live as long as any of them goes on. */
export function Compare() {
  const ids = place.value.query.get('ids') ?? '';
  const lives = useMemo(
    () =>
      [...new Set(ids.split(',').filter((id) => id !== ''))]
        .slice(0, most_runs)
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
  const saving = useSignal(false);
  const save = async () => {
    saving.value = true;
    try {
      const run_ids = runs.map(({ session }) => session.session_id);
      saveMetrics(await api.training.exportTable({ query: { ids: run_ids } }));
    } catch (error) {
      toast('bad', errorText(error));
    } finally {
      saving.value = false;
    }
  };
  return (
    <>
      <PageHead
        title={t('compare.title')}
        lead={t('compare.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      >
        {runs.length > 0 && (
          <Button icon="download" busy={saving.value} onClick={() => void save()}>
            {t('compare.table')}
          </Button>
        )}
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

function Comparison({ runs }: { runs: readonly Run[] }) {
  const view = useSignal<View>({ series: 'episode_reward', smoothing: 0, isLog: false, isGrouped: false });
  const span = useSignal<Span | undefined>(undefined);
  const { series, smoothing, isLog, isGrouped } = view.value;
  const groups = groupsOf(runs);
  const labels = groups.map(({ runs: members }, index) => {
    const [first] = members;
    const name = first ? labelOf(first, members.slice(0, 1)) : '';
    return t('compare.group', { letter: String.fromCharCode(65 + index), name, n: members.length });
  });
  const curves = isGrouped
    ? groupLines(groups, labels, series, smoothing)
    : curveLines(runs, series, smoothing);
  const evaluated = isGrouped ? groupLines(groups, labels, 'evaluations', 0) : evaluationLines(runs);
  const whole = wholeSpan([...curves, ...evaluated]);
  const show = (to: Span | undefined) => {
    span.value = to;
  };
  // both charts show the same steps, so that a moment is at the same place in both
  const shared = { isLog, span: span.value ?? whole, onSpan: show };
  return (
    <div class="stack-l">
      <CompareControls
        view={view.value}
        onView={(next) => {
          view.value = next;
        }}
        canGroup={groups.length < runs.length}
        whole={whole}
        span={span.value}
        onSpan={show}
      />
      <OverlayChart
        title={t(`chart.${series}`)}
        note={isGrouped ? t('compare.bands') : t(`chart.${series}.note`)}
        lines={curves}
        {...shared}
      />
      <OverlayChart
        title={t('evaluations.title')}
        note={t('compare.evaluationsNote')}
        lines={evaluated}
        {...shared}
      />
      <ResultsTable runs={runs} />
      <DifferencesTable runs={runs} />
    </div>
  );
}
