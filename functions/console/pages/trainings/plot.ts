import uPlot from 'uplot';
import { locale } from '../../i18n/index.ts';
import { decimate } from './decimate.ts';

export interface PlotData {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  readonly dots: readonly { readonly step: number; readonly value: number }[];
  readonly goal: number | undefined;
  /** Tints the area under the curve. */
  readonly filled: boolean;
}
export interface Plot {
  update(data: PlotData): void;
  destroy(): void;
}

/** The charts of a page share their cursor. */
export const cursors = uPlot.sync('training');

export function createPlot(
  box: HTMLElement,
  data: PlotData,
  onHover: (step: number | undefined) => void,
): Plot {
  const colours = coloursOf(box);
  const plot = new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [8, 18, 0, 0],
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 8, width: 2, fill: colours.surface },
        sync: { key: cursors.key, scales: ['x', null] },
      },
      scales: { x: { time: false }, y: { range: (_, min, max) => roomy(min, max, data.goal) } },
      axes: [axis(colours, 30), axis(colours, 46)],
      series: [
        {},
        {
          stroke: colours.curve,
          width: 1.75,
          spanGaps: true,
          points: { show: false },
          // returns below zero would be filled from above
          ...(data.filled && { fill: colours.soft, fillTo: (self: uPlot) => self.scales['y']?.min ?? 0 }),
        },
        {
          stroke: colours.dots,
          paths: () => null,
          points: { show: true, size: 8, width: 2, fill: colours.dots },
        },
        { stroke: colours.good, width: 1.25, dash: [5, 5], spanGaps: true, points: { show: false } },
      ],
      hooks: {
        setCursor: [
          (self) =>
            onHover(self.cursor.idx == null ? undefined : (self.data[0][self.cursor.idx] ?? undefined)),
        ],
      },
    },
    aligned(data, box.clientWidth),
    box,
  );
  const resized = new ResizeObserver(() =>
    plot.setSize({ width: box.clientWidth, height: box.clientHeight }),
  );
  resized.observe(box);
  return {
    update: (next) => plot.setData(aligned(next, box.clientWidth)),
    destroy: () => {
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** uPlot wants one axis of steps for all series: those of the curve and those of the evaluations together. */
function aligned({ steps: given, values, dots, goal }: PlotData, width: number): uPlot.AlignedData {
  const whole = { xs: given, ys: values };
  const { xs: steps, ys } = decimate(whole, given[0] ?? 0, given.at(-1) ?? 0, Math.max(50, width));
  const curve = new Map(steps.map((step, index) => [step, ys[index] ?? null]));
  const evaluated = new Map(dots.map(({ step, value }) => [step, value]));
  const all = [...new Set([...steps, ...evaluated.keys()])].sort((a, b) => a - b);
  return [
    all,
    all.map((step) => curve.get(step) ?? null),
    all.map((step) => evaluated.get(step) ?? null),
    all.map(() => (dots.length > 0 && goal !== undefined ? goal : null)),
  ];
}

function roomy(min: number | null, max: number | null, goal: number | undefined): [number, number] {
  if (min === null || max === null) return [0, 1];
  const low = goal === undefined ? min : Math.min(0, min);
  const room = (max - low || Math.abs(max) || 1) * 0.06;
  return [goal === undefined ? low - room : low, max + room];
}

export interface Colours {
  readonly curve: string;
  readonly soft: string;
  readonly dots: string;
  readonly good: string;
  readonly grid: string;
  readonly words: string;
  readonly surface: string;
  readonly font: string;
}
export function coloursOf(box: HTMLElement): Colours {
  const style = getComputedStyle(box);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    curve: token('curve'),
    soft: token('curve-soft'),
    dots: token('dots'),
    good: token('good'),
    grid: token('grid'),
    words: token('ink-3'),
    surface: token('surface'),
    font: style.fontFamily,
  };
}

export const axis = (colours: Colours, size: number): uPlot.Axis => ({
  stroke: colours.words,
  font: `11px ${colours.font}`,
  size,
  gap: 6,
  grid: { stroke: colours.grid, width: 1 },
  ticks: { show: false },
  values: (_, splits) => splits.map(compact),
});

/** `100K`, `0.02`: short enough for an axis. */
function compact(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(0);
  return new Intl.NumberFormat(locale.value, { notation: 'compact', maximumSignificantDigits: 3 }).format(
    value,
  );
}
