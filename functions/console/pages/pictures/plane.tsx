import type { ComponentChildren } from 'preact';
import { significant } from '../../i18n/index.ts';
import { roundNumbers } from '../trainings/charts/axis.ts';

export type Range = readonly [low: number, high: number];

/** Where values lie in the picture: x from the left, y from the bottom, both from 0 to 1. */
export interface Scale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}
export const scaleOf = (x: Range, y: Range): Scale => ({
  x: (value) => (value - x[0]) / (x[1] - x[0] || 1),
  y: (value) => (value - y[0]) / (y[1] - y[0] || 1),
});

/** From the lowest to the highest, with some room. */
export function rangeOf(values: readonly number[], room = 0.05): Range {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return [0, 1];
  const low = Math.min(...known);
  const high = Math.max(...known);
  const width = high - low || Math.abs(high) || 1;
  return [low - room * width, high + room * width];
}

export const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

export interface PlaneProps {
  readonly label: string;
  readonly x: Range;
  readonly y: Range;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xTicks?: readonly number[] | undefined;
  readonly xText?: ((value: number) => string) | undefined;
  readonly yText?: ((value: number) => string) | undefined;
  readonly onHover?: ((x: number | undefined) => void) | undefined;
  /** Shapes in a square of 1000 by 1000 that is stretched: lines keep their width. */
  readonly shapes?: ComponentChildren;
  /** What keeps its form: dots and words, at percentages. */
  readonly children?: ComponentChildren;
}

/** Axes, and what is drawn between them. Every picture has its numbers as a table beside it. */
export function Plane(props: PlaneProps) {
  const { label, x, y, xLabel, yLabel, onHover, xText = significant, yText = significant } = props;
  const { xTicks = roundNumbers(x[0], x[1], 8), shapes, children } = props;
  const scale = scaleOf(x, y);
  return (
    <div class="plane-frame">
      <span class="plane-y" aria-hidden="true">
        {yLabel}
      </span>
      <div
        class="plane"
        role="img"
        aria-label={label}
        onPointerMove={({ currentTarget, clientX }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          onHover?.(x[0] + ((clientX - left) / width) * (x[1] - x[0]));
        }}
        onPointerLeave={() => onHover?.(undefined)}
      >
        {roundNumbers(y[0], y[1], 5).map((value) => (
          <div key={`y${value}`} class="level" style={{ bottom: percent(scale.y(value)) }}>
            <span>{yText(value)}</span>
          </div>
        ))}
        {xTicks.map((value) => (
          <span key={`x${value}`} class="place" style={{ left: percent(scale.x(value)) }}>
            {xText(value)}
          </span>
        ))}
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
          {shapes}
        </svg>
        {children}
      </div>
      <span class="plane-x" aria-hidden="true">
        {xLabel}
      </span>
    </div>
  );
}

/** A line through points, in the square of 1000 by 1000. */
export function pathOf(points: readonly (readonly [number, number])[], scale: Scale): string {
  return points
    .filter(([, y]) => Number.isFinite(y))
    .map(
      ([x, y], index) =>
        `${index === 0 ? 'M' : 'L'}${(1000 * scale.x(x)).toFixed(1)} ${(1000 * (1 - scale.y(y))).toFixed(1)}`,
    )
    .join('');
}
