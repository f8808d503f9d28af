import uPlot from 'uplot';
import { decimate, type Points } from './decimate.ts';
import { type Colours, coloursOf, openPlot } from './open-plot.ts';
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

/** Several curves over the same steps. The number of lines, their colours and the scale stay as they are. */
export function createOverlay(box: HTMLElement, data: OverlayData, { onHover, onSpan }: Listeners): Overlay {
  let latest = data;
  const colours = coloursOf(box);
  const plot = openPlot(box, {
    colours,
    data: aligned(data, box.clientWidth),
    valuesWidth: 52,
    scales: {
      x: { time: false, range: () => [...(latest.span ?? wholeSpan(latest.lines))] },
      // asinh: as a logarithm far from zero, and returns may be below it
      y: { distr: data.isLog ? 4 : 1 },
    },
    series: [{}, ...data.lines.flatMap((line) => seriesOf(line, colours.run(line.colour)))],
    bands: bandsOf(data.lines, colours),
    onHover,
    onSelect: (from, to) => onSpan([from, to]),
  });
  return {
    update: (next) => {
      latest = next;
      plot.setData(aligned(next, box.clientWidth));
    },
    destroy: plot.destroy,
  };
}

/** Each line has three series: itself, and the two edges between which its band is tinted. */
const bandsOf = (lines: readonly Line[], colours: Colours): uPlot.Band[] =>
  lines.flatMap(({ band, colour }, index) =>
    band ? [{ series: [2 + 3 * index, 3 + 3 * index], fill: `${colours.run(colour)}2e` }] : [],
  );

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
