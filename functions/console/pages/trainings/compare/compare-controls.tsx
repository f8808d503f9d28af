import { t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Check } from '../../../ui/check.tsx';
import { Select } from '../../../ui/select.tsx';
import type { Series } from '../charts/curve.ts';
import { moved, type Span, zoomed } from '../charts/span.ts';

/** How a comparison is drawn. */
export interface View {
  readonly series: Series;
  /** Weight of what came before, from 0 to below 1. */
  readonly smoothing: number;
  readonly isLog: boolean;
  readonly isGrouped: boolean;
}
interface Props {
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly canGroup: boolean;
  readonly whole: Span;
  readonly span: Span | undefined;
  readonly onSpan: (span: Span | undefined) => void;
}

const choices: readonly Series[] = [
  'episode_reward',
  'episode_length',
  'value_loss',
  'policy_loss',
  'entropy',
  'approx_kl',
  'exploration_rate',
  'ent_coef',
  'learning_rate',
  'fps',
];

export const CompareControls = ({ view, onView, canGroup, ...zoom }: Props) => (
  <div class="card card-body compare-controls">
    <Select
      label={t('compare.series')}
      value={view.series}
      onChange={(chosen) => {
        const series = choices.find((one) => one === chosen);
        if (series) onView({ ...view, series });
      }}
    >
      {choices.map((series) => (
        <option key={series} value={series}>
          {t(`chart.${series}`)}
        </option>
      ))}
    </Select>
    <label class="slider">
      {t('compare.smoothing')}
      <input
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={view.smoothing}
        onInput={({ currentTarget }) => onView({ ...view, smoothing: Number(currentTarget.value) })}
      />
      <output class="numbers">{view.smoothing.toFixed(2)}</output>
    </label>
    <Check label={t('compare.log')} checked={view.isLog} onChange={(isLog) => onView({ ...view, isLog })} />
    {canGroup && (
      <Check
        label={t('compare.grouped')}
        checked={view.isGrouped}
        onChange={(isGrouped) => onView({ ...view, isGrouped })}
      />
    )}
    <Zoom {...zoom} />
  </div>
);

/** What dragging over a chart does, for the keyboard too. */
function Zoom({ whole, span, onSpan }: Pick<Props, 'whole' | 'span' | 'onSpan'>) {
  const shown = span ?? whole;
  return (
    <fieldset class="zoom" aria-label={t('compare.zoom')}>
      <Button size="small" onClick={() => onSpan(zoomed(shown, whole, 0.5))}>
        {t('compare.zoomIn')}
      </Button>
      {span && (
        <>
          <Button size="small" onClick={() => onSpan(zoomed(shown, whole, 2))}>
            {t('compare.zoomOut')}
          </Button>
          <Button size="small" onClick={() => onSpan(moved(shown, whole, -1))}>
            {t('compare.earlier')}
          </Button>
          <Button size="small" onClick={() => onSpan(moved(shown, whole, 1))}>
            {t('compare.later')}
          </Button>
          <Button size="small" kind="quiet" onClick={() => onSpan(undefined)}>
            {t('compare.zoomAll')}
          </Button>
        </>
      )}
    </fieldset>
  );
}
