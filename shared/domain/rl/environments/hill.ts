import { cos, sin } from '../numeric.ts';
import { flagAt } from './drawing.ts';
import type { Point, Scene } from './scene.ts';

/** The valley of both mountain cars, whose height at x is sin(3x). */
export const MIN_POSITION = -1.2;
export const MAX_POSITION = 0.6;
export const MAX_SPEED = 0.07;
/** Gravity along the slope, per step². */
export const STEEPNESS = 0.0025;

// Gymnasium's picture: 600 by 400 pixels for the 1.8 from wall to wall.
const WIDTH = 600;
const HEIGHT = 400;
const SCALE = WIDTH / (MAX_POSITION - MIN_POSITION);
const COLUMNS = 60;
const CAR_WIDTH = 44;
const CAR_HEIGHT = 18;
const WHEEL = 8;
const CLEARANCE = 10;

/** A point of the hill's surface, in pixels. */
function surfaceAt(position: number): Point {
  return [(position - MIN_POSITION) * SCALE, HEIGHT - (sin(3 * position) * 0.45 + 0.55) * SCALE];
}

export function drawHill(position: number, goal: number): Scene {
  const surface = Array.from({ length: COLUMNS + 1 }, (_, i) =>
    surfaceAt(MIN_POSITION + ((MAX_POSITION - MIN_POSITION) * i) / COLUMNS),
  );
  const [x, y] = surfaceAt(position);
  // The unit vector along the slope, whose derivative is 3 · 0.45 · cos(3x).
  const slope = 1.35 * cos(3 * position);
  const norm = Math.sqrt(1 + slope * slope);
  const on = (along: number, above: number): Point => [
    x + (along + above * -slope) / norm,
    y - (along * slope + above) / norm,
  ];
  const half = CAR_WIDTH / 2;
  const top = CLEARANCE + CAR_HEIGHT;
  return {
    width: WIDTH,
    height: HEIGHT,
    shapes: [
      { kind: 'polygon', paint: 'ground', points: [...surface, [WIDTH, HEIGHT], [0, HEIGHT]] },
      ...flagAt(surfaceAt(goal), 56),
      {
        kind: 'polygon',
        paint: 'limb',
        points: [on(-half, CLEARANCE), on(-half + 6, top), on(half - 6, top), on(half, CLEARANCE)],
      },
      { kind: 'circle', paint: 'body', centre: on(-half / 2, WHEEL), radius: WHEEL },
      { kind: 'circle', paint: 'body', centre: on(half / 2, WHEEL), radius: WHEEL },
    ],
  };
}
