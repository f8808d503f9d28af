import uPlot from 'uplot';
import { locale } from '../../../i18n/index.ts';

/** The charts of a page share their cursor. */
const cursors = uPlot.sync('training');

/** What a chart has of its own. */
interface Own extends Required<Pick<uPlot.Options, 'scales' | 'series'>> {
  readonly bands?: uPlot.Band[];
  readonly colours: Colours;
  readonly data: uPlot.AlignedData;
  /** Pixels that the axis of values takes. */
  readonly valuesWidth: number;
  readonly onHover: (step: number | undefined) => void;
  /** Dragging chooses a part of the steps. Default: it does nothing. */
  readonly onSelect?: (from: number, to: number) => void;
}
export interface OpenPlot {
  setData(data: uPlot.AlignedData): void;
  destroy(): void;
}

/** Values over steps, as large as its box. */
export function openPlot(box: HTMLElement, own: Own): OpenPlot {
  const { colours, data, valuesWidth, onHover, onSelect, bands = [], scales, series } = own;
  const size = () => ({ width: box.clientWidth, height: box.clientHeight });
  const widthIn = (next: uPlot.AlignedData, index: number) =>
    lineWidth(series[index], next[index] ?? [], box.clientWidth);
  const plot = new uPlot(
    {
      ...size(),
      legend: { show: false },
      padding: [8, 18, 0, 0],
      cursor: {
        y: false,
        drag: { x: onSelect !== undefined, y: false, setScale: false },
        points: { size: 8, width: 2, fill: colours.surface },
        sync: { key: cursors.key, scales: ['x', null] },
      },
      scales,
      axes: [axis(colours, 30), axis(colours, valuesWidth)],
      series: series.map((one, index) => ({ ...one, width: widthIn(data, index) })),
      bands,
      hooks: {
        setCursor: [(self) => onHover(stepUnder(self))],
        setSelect: onSelect ? [(self) => tellSelected(self, onSelect)] : [],
      },
    },
    data,
    box,
  );
  const resized = new ResizeObserver(() => plot.setSize(size()));
  resized.observe(box);
  return {
    setData: (next) => {
      for (const [index, drawn] of plot.series.entries()) drawn.width = widthIn(next, index);
      plot.setData(next);
    },
    destroy: () => {
      resized.disconnect();
      plot.destroy();
    },
  };
}

/**
 * A line with more points than there are pixels is as thin as can be: nobody sees the difference, and anything wider
 * takes a browser without a graphics card five times as long (tests/bench/charts.ts).
 */
function lineWidth(
  { width = 0, dash }: uPlot.Series = {},
  values: ArrayLike<number | null | undefined>,
  pixels: number,
): number {
  const isDense = dash === undefined && values.length > pixels && known(values) > pixels;
  return isDense ? Math.min(width, 1 / devicePixelRatio) : width;
}

function known(values: ArrayLike<number | null | undefined>): number {
  let count = 0;
  for (let index = 0; index < values.length; index += 1) if (values[index] != null) count += 1;
  return count;
}

const stepUnder = ({ cursor: { idx }, data }: uPlot): number | undefined =>
  idx == null ? undefined : (data[0][idx] ?? undefined);

/** A click is a selection of no width. */
const leastWidth = 4;

function tellSelected(self: uPlot, onSelect: (from: number, to: number) => void): void {
  const { left, width } = self.select;
  if (width < leastWidth) return;
  onSelect(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
  self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
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
  readonly run: (index: number) => string;
}

/** How many colours there are for runs. */
const runColours = 8;

/** The theme's, as the canvas needs them. */
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
    run: (index) => token(`run-${index % runColours}`),
  };
}

const axis = (colours: Colours, size: number): uPlot.Axis => ({
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
