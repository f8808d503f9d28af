import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { locale, t } from '../../../i18n/index.ts';
import { OverlayChart } from '../charts/overlay-chart.tsx';
import type { Line } from '../charts/overlay-plot.ts';
import { type Span, wholeSpan } from '../charts/span.ts';
import { CompareControls, type View } from './compare-controls.tsx';
import { DifferencesTable, ResultsTable } from './compare-tables.tsx';
import { curveLines, evaluationLines, groupLines, groupsOf, labelOf, type Run } from './comparison.ts';

/** The curves of the runs, their evaluations and what came of them. */
export function Comparison({ runs }: { runs: readonly Run[] }) {
  const view = useSignal<View>({ series: 'episode_reward', smoothing: 0, isLog: false, isGrouped: false });
  const span = useSignal<Span | undefined>(undefined);
  const { series, smoothing, isLog, isGrouped } = view.value;
  const groups = groupsOf(runs);
  // of long runs that takes longer than a frame, and neither zooming nor the pointer changes it
  const { curves, evaluated } = useMemo(
    () => linesOf(runs, view.value),
    [
      ...runs.flatMap(({ curve, evaluations }) => [curve, evaluations]),
      series,
      smoothing,
      isGrouped,
      locale.value,
    ],
  );
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

interface Lines {
  readonly curves: readonly Line[];
  readonly evaluated: readonly Line[];
}
function linesOf(runs: readonly Run[], { series, smoothing, isGrouped }: View): Lines {
  if (!isGrouped) return { curves: curveLines(runs, series, smoothing), evaluated: evaluationLines(runs) };
  const groups = groupsOf(runs);
  const labels = groups.map(({ runs: members }, index) => {
    const [first] = members;
    const name = first ? labelOf(first, members.slice(0, 1)) : '';
    return t('compare.group', { letter: String.fromCharCode(65 + index), name, n: members.length });
  });
  return {
    curves: groupLines(groups, labels, series, smoothing),
    evaluated: groupLines(groups, labels, 'evaluations', 0),
  };
}
