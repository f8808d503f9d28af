import { cos, sin } from '../numeric.ts';
import type { Paint, Point, Shape } from './scene.ts';

/** Composite shapes that several environments draw. */

/**
 * A bar from `pivot` along an angle (radians, clockwise from upright), with its near end `overlap`
 * behind the pivot.
 */
export function bar(
  paint: Paint,
  pivot: Point,
  angle: number,
  length: number,
  width: number,
  overlap = 0,
): Shape {
  const along = (distance: number, aside: number): Point => [
    pivot[0] + distance * sin(angle) + aside * cos(angle),
    pivot[1] - distance * cos(angle) + aside * sin(angle),
  ];
  const half = width / 2;
  return {
    kind: 'polygon',
    paint,
    points: [along(-overlap, -half), along(length, -half), along(length, half), along(-overlap, half)],
  };
}

/** A square of a board of `size`-pixel squares, with a gap around it. */
export function square(paint: Paint, row: number, column: number, size: number): Shape {
  const gap = size / 32;
  return {
    kind: 'rectangle',
    paint,
    at: [column * size + gap, row * size + gap],
    width: size - 2 * gap,
    height: size - 2 * gap,
    radius: size / 10,
  };
}

/** The centre of a square. */
export function middle(row: number, column: number, size: number): Point {
  return [(column + 0.5) * size, (row + 0.5) * size];
}

/** Somebody standing on a square: shoulders and head. */
export function figure(row: number, column: number, size: number): Shape[] {
  const [x, y] = middle(row, column, size);
  const width = size * 0.4;
  return [
    {
      kind: 'rectangle',
      paint: 'body',
      at: [x - width / 2, y],
      width,
      height: size * 0.28,
      radius: size * 0.12,
    },
    { kind: 'circle', paint: 'limb', centre: [x, y - size * 0.12], radius: size * 0.15 },
  ];
}

/** A flag on a pole that stands at `foot`. */
export function flagAt(foot: Point, height: number): Shape[] {
  const [x, y] = foot;
  const top = y - height;
  return [
    { kind: 'line', paint: 'body', from: foot, to: [x, top] },
    {
      kind: 'polygon',
      paint: 'goal',
      points: [
        [x, top],
        [x + height * 0.5, top + height * 0.2],
        [x, top + height * 0.4],
      ],
    },
  ];
}
