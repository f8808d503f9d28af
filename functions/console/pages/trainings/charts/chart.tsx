import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../../../app/theme.ts';
import { locale, number, t } from '../../../i18n/index.ts';
import { ChartTable } from './chart-table.tsx';
import { lowerBound } from './decimate.ts';
import type { Plot, PlotData } from './plot.ts';

interface ChartProps {
  readonly title: string;
  readonly note: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  readonly dots: readonly { readonly step: number; readonly value: number }[];
  readonly goal: number | undefined;
  readonly wide: boolean;
  readonly format: (value: number) => string;
  readonly waiting: boolean;
}

/** One curve over the steps, with the value under the pointer, and its numbers for those who cannot see it. */
export function Chart({ title, note, steps, values, dots, goal, wide, format, waiting }: ChartProps) {
  const hovered = useSignal<number | undefined>(undefined);
  const last = values.findLastIndex((value) => value !== null);
  const shown = hovered.value === undefined ? last : nearest(steps, hovered.value);
  const value = values[shown];
  const hasData = last >= 0;
  const textAt = (step: number) => {
    const own = values[nearest(steps, step)];
    return typeof own === 'number' ? format(own) : '–';
  };
  return (
    <div class={`card chart-card ${wide ? 'wide' : ''}`}>
      <div class="chart-head">
        <h2>{title}</h2>
        {typeof value === 'number' && (
          <output>
            {format(value)}
            {(wide || hovered.value !== undefined) && (
              <small> {t('chart.at', { step: number(steps[shown] ?? 0) })}</small>
            )}
          </output>
        )}
      </div>
      <p class="chart-note">{note}</p>
      <div class="chart-box">
        {hasData ? (
          <Drawing
            label={summary(title, steps, values, format)}
            data={{ steps, values, dots, goal, filled: wide }}
            onHover={(step) => {
              hovered.value = step;
            }}
          />
        ) : (
          <div class="chart-wait">{wide && (waiting ? t('chart.waiting') : t('chart.nothing'))}</div>
        )}
      </div>
      {dots.length > 0 && <Legend goal={goal} />}
      {hasData && <ChartTable title={title} columns={[{ label: title, xs: steps, textAt }]} />}
    </div>
  );
}

const nearest = (steps: readonly number[], step: number): number =>
  Math.max(0, lowerBound(steps, step + 1) - 1);

function summary(
  title: string,
  steps: readonly number[],
  values: readonly (number | null)[],
  format: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  return t('chart.summary', {
    title,
    steps: number(steps.at(-1) ?? 0),
    last: format(known.at(-1) ?? 0),
    min: format(known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)),
    max: format(known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
  });
}

interface DrawingProps {
  readonly label: string;
  readonly data: PlotData;
  readonly onHover: (step: number | undefined) => void;
}
function Drawing({ label, data, onHover }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const hasDots = data.dots.length > 0;

  useEffect(() => {
    let gone = false;
    const draw = async () => {
      const { createPlot } = await import('./plot.ts');
      if (!gone && box.current) plot.current = createPlot(box.current, latest.current, onHover);
    };
    void draw();
    return () => {
      gone = true;
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [theme.value, locale.value, hasDots]);
  useEffect(() => plot.current?.update(data), [data.steps.length, data.steps.at(-1), data.dots.length]);

  return <div ref={box} class="chart-canvas" role="img" aria-label={label} />;
}

const Legend = ({ goal }: { goal: number | undefined }) => (
  <p class="legend">
    <span>
      <i />
      {t('legend.training')}
    </span>
    <span>
      <i class="dots" />
      {t('legend.evaluation')}
    </span>
    {goal !== undefined && (
      <span>
        <i class="goal" />
        {t('legend.goal', { goal })}
      </span>
    )}
  </p>
);
