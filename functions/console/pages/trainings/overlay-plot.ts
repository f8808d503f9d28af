import uPlot from 'uplot';
import { decimate, type Points } from './decimate.ts';
import { axis, coloursOf, cursors } from './plot.ts';
import { type Span, wholeSpan } from './span.ts';

/** One curve of an overlay. */
export interface Line extends Points {
  readonly key: string;
  readonly label: string;
  /** Which of the colours of runs. */
  readonly colour: number;
  /** How far its runs spread around it. */
  readonly band: { readonly low: Points['ys']; readonly high: Points['ys'] } | undefined;
  /** Measured at a few steps: its points are drawn. */
  readonly dotted: boolean;
}
export interface OverlayData {
  readonly lines: readonly Line[];
  readonly isLog: boolean;
  /** Part of the steps that is shown; undefined for all. */
  readonly span: Span | undefined;
}
export interface Overlay {
  update(data: OverlayData): void;
  destroy(): void;
}
interface Listeners {
  readonly onHover: (step: number | undefined) => void;
  readonly onSpan: (span: Span) => void;
}

/** How many colours there are for runs. */
export const runColours = 8;

/** Several curves over the same steps. The number of lines, their colours and the scale stay as they are. */
export function createOverlay(box: HTMLElement, data: OverlayData, listeners: Listeners): Overlay {
  let latest = data;
  const colours = coloursOf(box);
  const runColour = (index: number) =>
    getComputedStyle(box)
      .getPropertyValue(`--run-${index % runColours}`)
      .trim();
  const whole = (): [number, number] => [...(latest.span ?? wholeSpan(latest.lines))];
  const plot = new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [8, 18, 0, 0],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        points: { size: 7, width: 2, fill: colours.surface },
        sync: { key: cursors.key, scales: ['x', null] },
      },
      scales: {
        x: { time: false, range: whole },
        // asinh: as a logarithm far from zero, and returns may be below it
        y: { distr: data.isLog ? 4 : 1 },
      },
      axes: [axis(colours, 30), axis(colours, 52)],
      series: [{}, ...data.lines.flatMap((line) => seriesOf(line, runColour(line.colour)))],
      bands: data.lines.flatMap(({ band, colour }, index) =>
        band ? [{ series: [2 + 3 * index, 3 + 3 * index], fill: `${runColour(colour)}2e` }] : [],
      ),
      hooks: {
        setCursor: [
          (self) =>
            listeners.onHover(
              self.cursor.idx == null ? undefined : (self.data[0][self.cursor.idx] ?? undefined),
            ),
        ],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            if (width < 4) return;
            listeners.onSpan([self.posToVal(left, 'x'), self.posToVal(left + width, 'x')]);
            self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
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
    update: (next) => {
      latest = next;
      plot.setData(aligned(next, box.clientWidth));
    },
    destroy: () => {
      resized.disconnect();
      plot.destroy();
    },
  };
}

/** The line itself and the two edges of its band. */
function seriesOf({ dotted }: Line, colour: string): uPlot.Series[] {
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
  return [
    {
      stroke: colour,
      width: 1.75,
      spanGaps: true,
      points: { show: dotted, size: 6, fill: colour },
    },
    edge,
    edge,
  ];
}

/** uPlot wants one axis of steps for all lines; each line has values at the steps of its own that can be seen. */
function aligned({ lines, span }: OverlayData, width: number): uPlot.AlignedData {
  const [from, to] = span ?? wholeSpan(lines);
  const columns = Math.max(50, width);
  const tables = lines.flatMap(({ xs, ys, band }) =>
    [ys, band?.high ?? [], band?.low ?? []].map((values): uPlot.AlignedData => {
      const seen = values.length > 0 ? decimate({ xs, ys: values }, from, to, columns) : { xs: [], ys: [] };
      return [[...seen.xs], [...seen.ys]];
    }),
  );
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}
