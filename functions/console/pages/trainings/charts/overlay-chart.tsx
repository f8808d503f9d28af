import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { theme } from '../../../app/theme.ts';
import { locale, number, significant, t } from '../../../i18n/index.ts';
import { ChartTable, type NumberColumn } from './chart-table.tsx';
import { lastKnown } from './decimate.ts';
import type { Line, Overlay, OverlayData } from './overlay-plot.ts';
import type { Span } from './span.ts';

interface Props extends OverlayData {
  readonly title: string;
  readonly note: string;
  readonly onSpan: (span: Span) => void;
}

/** Several runs in one chart, the values under the pointer beside their names, and all numbers as a table. */
export function OverlayChart({ title, note, onSpan, ...data }: Props) {
  const hovered = useSignal<number | undefined>(undefined);
  const { lines } = data;
  const hasData = lines.some(({ xs }) => xs.length > 0);
  return (
    <section class="card chart-card wide">
      <div class="chart-head">
        <h2>{title}</h2>
        {hovered.value !== undefined && (
          <small class="muted numbers">{t('chart.at', { step: number(hovered.value) })}</small>
        )}
      </div>
      <p class="chart-note">{note}</p>
      <div class="chart-box">
        {hasData ? (
          <Drawing
            label={t('compare.picture', { title, n: lines.length })}
            data={data}
            onHover={(step) => {
              hovered.value = step;
            }}
            onSpan={onSpan}
          />
        ) : (
          <div class="chart-wait">{t('compare.noCurve')}</div>
        )}
      </div>
      <ul class="legend runs">
        {lines.map((line) => (
          <li key={line.key}>
            <span class={`swatch run-${line.colour % 8}`} />
            <span class="grow">{line.label}</span>
            <span class="numbers">{valueText(line, hovered.value)}</span>
          </li>
        ))}
      </ul>
      {hasData && <ChartTable title={title} columns={lines.map(columnOf)} />}
    </section>
  );
}

/** At the step, or where the line has come to. */
function valueText(line: Line, step: number | undefined): string {
  const value = lastKnown(line, step);
  return value === null ? '–' : significant(value);
}

const columnOf = (line: Line): NumberColumn => ({
  label: line.label,
  xs: line.xs,
  textAt: (step) => (step > (line.xs.at(-1) ?? 0) ? '–' : valueText(line, step)),
});

interface DrawingProps {
  readonly label: string;
  readonly data: OverlayData;
  readonly onHover: (step: number | undefined) => void;
  readonly onSpan: (span: Span) => void;
}
function Drawing({ label, data, onHover, onSpan }: DrawingProps) {
  const box = useRef<HTMLDivElement>(null);
  const overlay = useRef<Overlay>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const form = `${data.isLog} ${data.lines.map(({ key, band }) => `${key}${band !== undefined}`).join()}`;

  useEffect(() => {
    let gone = false;
    const draw = async () => {
      const { createOverlay } = await import('./overlay-plot.ts');
      if (!gone && box.current)
        overlay.current = createOverlay(box.current, latest.current, { onHover, onSpan });
    };
    void draw();
    return () => {
      gone = true;
      overlay.current?.destroy();
      overlay.current = undefined;
    };
  }, [theme.value, locale.value, form]);
  useEffect(() => overlay.current?.update(data), [data.lines, data.span]);

  return <div ref={box} class="chart-canvas" role="img" aria-label={label} />;
}
