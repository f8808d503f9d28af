import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { significant, t } from '../../i18n/index.ts';
import '../../i18n/pictures.ts';
import { Numbers, type NumbersProps } from './numbers.tsx';
import { Plane, pathOf, percent, type Range, rangeOf, type Scale, scaleOf } from './plane.tsx';

export interface Curve {
  readonly key: string;
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Which of the colours of runs. */
  readonly colour: number;
  readonly dashed?: boolean;
}
/** A measured value; `low` and `high` say how sure it is, `weight` (0 to 1) how much lies behind it. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
  readonly weight?: number;
  readonly title: string;
}
export interface Marks {
  readonly key: string;
  readonly label: string;
  readonly colour: number;
  readonly marks: readonly Mark[];
}
/** A value that the picture is compared with. */
export interface Level {
  readonly along: 'x' | 'y';
  readonly at: number;
  readonly label: string;
}

interface LineChartProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  readonly marks?: readonly Marks[];
  readonly levels?: readonly Level[];
  readonly x?: Range;
  readonly y?: Range;
  readonly xTicks?: readonly number[];
  readonly xText?: (value: number) => string;
  readonly yText?: (value: number) => string;
  /** Charts with the same one point at the same x. */
  readonly cursor?: Signal<number | undefined>;
  /** The numbers, where the points of the curves are not what one would read. */
  readonly numbers?: Pick<NumbersProps, 'head' | 'rows'>;
  readonly wide?: boolean;
  readonly children?: ComponentChildren;
}

/** Curves and measured values over one quantity, with the values under the pointer and all of them as a table. */
export function LineChart(props: LineChartProps) {
  const { title, note, curves, marks = [], levels = [], xLabel, wide, children } = props;
  const own = useSignal<number | undefined>(undefined);
  const cursor = props.cursor ?? own;
  const { x, y } = rangesOf(props);
  const scale = scaleOf(x, y);
  const { xText = significant, yText = significant } = props;
  const under = cursor.value;
  return (
    <section class={`card chart-card ${wide ? 'wide' : ''}`}>
      <div class="chart-head">
        <h2>{title}</h2>
        {under !== undefined && (
          <small class="muted numbers">
            {xLabel} {xText(under)}
          </small>
        )}
      </div>
      {note !== undefined && <p class="chart-note">{note}</p>}
      <Plane
        {...props}
        label={t('picture.label', { title, x: xLabel, y: props.yLabel })}
        x={x}
        y={y}
        onHover={(value) => {
          cursor.value = value;
        }}
        shapes={
          <>
            {levels.map((level) => (
              <path key={level.label} class="picture-level" d={levelPath(level, scale)} />
            ))}
            {curves.map((curve) => (
              <path
                key={curve.key}
                class={`picture-line run-${curve.colour % 8} ${curve.dashed ? 'dashed' : ''}`}
                d={pathOf(curve.points, scale)}
              />
            ))}
            {marks.flatMap((series) =>
              series.marks.map((mark, index) => (
                <path
                  key={`${series.key} ${index}`}
                  class={`picture-whisker run-${series.colour % 8}`}
                  d={whiskerPath(mark, scale)}
                />
              )),
            )}
          </>
        }
      >
        {marks.flatMap((series) =>
          series.marks.map((mark, index) => (
            <Dot key={`${series.key} ${index}`} mark={mark} colour={series.colour} scale={scale} />
          )),
        )}
        {under !== undefined && under >= x[0] && under <= x[1] && (
          <i class="picture-cursor" style={{ left: percent(scale.x(under)) }} />
        )}
      </Plane>
      <Legend curves={curves} marks={marks} levels={levels} under={under} text={yText} />
      {children}
      <Numbers title={title} {...(props.numbers ?? numbersOf(props))} />
    </section>
  );
}

function rangesOf({ x, y, curves, marks = [], levels = [] }: LineChartProps): { x: Range; y: Range } {
  const points = [
    ...curves.flatMap((curve) => curve.points),
    ...marks.flatMap((series) => series.marks.map((mark) => [mark.x, mark.y] as const)),
  ];
  const ends = marks.flatMap((series) =>
    series.marks.flatMap(({ low, high }) => [low, high].filter((end) => end !== undefined)),
  );
  const heights = levels.flatMap(({ along, at }) => (along === 'y' ? [at] : []));
  return {
    x: x ?? rangeOf(points.map(([value]) => value)),
    y: y ?? rangeOf([...points.map(([, value]) => value), ...ends, ...heights]),
  };
}

const levelPath = ({ along, at }: Level, scale: Scale): string =>
  along === 'y'
    ? `M0 ${1000 * (1 - scale.y(at))}L1000 ${1000 * (1 - scale.y(at))}`
    : `M${1000 * scale.x(at)} 0L${1000 * scale.x(at)} 1000`;

const whiskerPath = ({ x, y, low = y, high = y }: Mark, scale: Scale): string =>
  low === high
    ? ''
    : `M${1000 * scale.x(x)} ${1000 * (1 - scale.y(low))}L${1000 * scale.x(x)} ${1000 * (1 - scale.y(high))}`;

function Dot({ mark, colour, scale }: { mark: Mark; colour: number; scale: Scale }) {
  const size = 5 + 7 * Math.sqrt(mark.weight ?? 0.25);
  return (
    <i
      class={`picture-dot run-${colour % 8}`}
      title={mark.title}
      style={{
        left: percent(scale.x(mark.x)),
        bottom: percent(scale.y(mark.y)),
        width: `${size.toFixed(1)}px`,
        height: `${size.toFixed(1)}px`,
      }}
    />
  );
}

interface LegendProps {
  readonly curves: readonly Curve[];
  readonly marks: readonly Marks[];
  readonly levels: readonly Level[];
  readonly under: number | undefined;
  readonly text: (value: number) => string;
}
const Legend = ({ curves, marks, levels, under, text }: LegendProps) =>
  curves.length + marks.length + levels.length > 1 || under !== undefined ? (
    <ul class="legend">
      {curves.map((curve) => (
        <li key={curve.key}>
          <span>
            <i class={`swatch-line run-${curve.colour % 8} ${curve.dashed ? 'dashed' : ''}`} />
            {curve.label}
            {under !== undefined && <b class="numbers">{text(valueAt(curve, under))}</b>}
          </span>
        </li>
      ))}
      {marks.map((series) => (
        <li key={series.key}>
          <span>
            <i class={`swatch-dot run-${series.colour % 8}`} />
            {series.label}
          </span>
        </li>
      ))}
      {levels.map(({ label }) => (
        <li key={label}>
          <span>
            <i class="swatch-line picture-level" />
            {label}
          </span>
        </li>
      ))}
    </ul>
  ) : null;

/** On the straight line between the two points around `x`. */
export function valueAt({ points }: Pick<Curve, 'points'>, x: number): number {
  const after = points.findIndex(([at]) => at >= x);
  const [first, last] = [points[0], points.at(-1)];
  if (after <= 0) return (after === 0 ? first : last)?.[1] ?? Number.NaN;
  const [x0, y0] = points[after - 1] ?? [x, Number.NaN];
  const [x1, y1] = points[after] ?? [x, Number.NaN];
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** Nobody reads hundreds of rows of a smooth curve. */
const mostRows = 60;

function numbersOf(props: LineChartProps): Pick<NumbersProps, 'head' | 'rows'> {
  const { curves, marks = [], xLabel, xText = significant, yText = significant } = props;
  return {
    head: [xLabel, ...curves.map(({ label }) => label), ...marks.map(({ label }) => label)],
    rows: () => {
      const ofMarks = marks.flatMap((series) => series.marks.map(({ x }) => x));
      const all = [...new Set([...curves.flatMap(({ points }) => points.map(([x]) => x)), ...ofMarks])].sort(
        (a, b) => a - b,
      );
      const stride = Math.max(1, Math.ceil(all.length / mostRows));
      const kept = all.filter((x, index) => index % stride === 0 || ofMarks.includes(x));
      return kept.map((x) => [
        xText(x),
        ...curves.map((curve) => yText(valueAt(curve, x))),
        ...marks.map((series) => {
          const mark = series.marks.find((one) => one.x === x);
          return mark ? yText(mark.y) : '–';
        }),
      ]);
    },
  };
}
