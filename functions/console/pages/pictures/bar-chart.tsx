import type { ComponentChildren } from 'preact';
import { significant, t } from '../../i18n/index.ts';
import '../../i18n/pictures.ts';
import type { Level } from './line-chart.tsx';
import { Numbers } from './numbers.tsx';
import { Plane, percent, scaleOf } from './plane.tsx';

export interface Bar {
  readonly key: string;
  /** Names it in the table and under the pointer. */
  readonly label: string;
  readonly value: number;
  /** Stands out, as what the picture is about. */
  readonly marked?: boolean;
}
interface BarChartProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly bars: readonly Bar[];
  /** Written below the bars; default: none, for bars that only follow one another. */
  readonly places?: readonly { readonly at: number; readonly label: string }[];
  readonly level?: Level | undefined;
  readonly most?: number;
  readonly yText?: (value: number) => string;
  readonly wide?: boolean;
  readonly children?: ComponentChildren;
}

/** More bars than this touch each other. */
const mostApart = 60;

/** How large each of many is, side by side. */
export function BarChart(props: BarChartProps) {
  const { title, note, xLabel, yLabel, bars, places = [], level, yText = significant, wide } = props;
  const most = props.most ?? Math.max(1e-9, ...bars.map(({ value }) => value), level?.at ?? 0) * 1.05;
  const scale = scaleOf([0, Math.max(1, bars.length)], [0, most]);
  const names = new Map(places.map(({ at, label }) => [at + 0.5, label]));
  return (
    <section class={`card chart-card ${wide ? 'wide' : ''}`}>
      <div class="chart-head">
        <h2>{title}</h2>
      </div>
      {note !== undefined && <p class="chart-note">{note}</p>}
      <Plane
        label={t('picture.label', { title, x: xLabel, y: yLabel })}
        x={[0, Math.max(1, bars.length)]}
        y={[0, most]}
        xLabel={xLabel}
        yLabel={yLabel}
        xTicks={[...names.keys()]}
        xText={(at) => names.get(at) ?? ''}
        yText={yText}
        shapes={
          level && (
            <path
              class="picture-level"
              d={`M0 ${1000 * (1 - scale.y(level.at))}L1000 ${1000 * (1 - scale.y(level.at))}`}
            />
          )
        }
      >
        {bars.map(({ key, label, value, marked }, index) => (
          <i
            key={key}
            class={`picture-bar ${marked ? 'marked' : ''} ${bars.length > mostApart ? 'dense' : ''}`}
            title={`${label}: ${yText(value)}`}
            style={{
              left: percent(scale.x(index)),
              width: percent(scale.x(1)),
              height: percent(scale.y(Math.min(most, value))),
            }}
          />
        ))}
      </Plane>
      {level && (
        <ul class="legend">
          <li>
            <span>
              <i class="swatch-line picture-level" />
              {level.label}
            </span>
          </li>
        </ul>
      )}
      {props.children}
      <Numbers
        title={title}
        head={[xLabel, yLabel]}
        rows={() => bars.map(({ label, value }) => [label, yText(value)])}
      />
    </section>
  );
}
