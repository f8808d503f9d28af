import type uPlot from 'uplot';
import { decimate } from './decimate.ts';
import { type Colours, coloursOf, openPlot } from './open-plot.ts';

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

export function createPlot(
  box: HTMLElement,
  data: PlotData,
  onHover: (step: number | undefined) => void,
): Plot {
  const colours = coloursOf(box);
  const plot = openPlot(box, {
    colours,
    data: aligned(data, box.clientWidth),
    valuesWidth: 46,
    scales: { x: { time: false }, y: { range: (_, min, max) => roomy(min, max, data.goal) } },
    series: [{}, curveSeries(data, colours), dotSeries(colours), goalSeries(colours)],
    onHover,
  });
  return {
    update: (next) => plot.setData(aligned(next, box.clientWidth)),
    destroy: plot.destroy,
  };
}

const curveSeries = ({ filled }: PlotData, { curve, soft }: Colours): uPlot.Series => ({
  stroke: curve,
  width: 1.75,
  spanGaps: true,
  points: { show: false },
  // returns below zero would be filled from above
  ...(filled && { fill: soft, fillTo: (self: uPlot) => self.scales['y']?.min ?? 0 }),
});
const dotSeries = ({ dots }: Colours): uPlot.Series => ({
  stroke: dots,
  paths: () => null,
  points: { show: true, size: 8, width: 2, fill: dots },
});
const goalSeries = ({ good }: Colours): uPlot.Series => ({
  stroke: good,
  width: 1.25,
  dash: [5, 5],
  spanGaps: true,
  points: { show: false },
});

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
