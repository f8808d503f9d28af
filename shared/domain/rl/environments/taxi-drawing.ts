import { middle, square } from './drawing.ts';
import type { Scene, Shape } from './scene.ts';
import { decode, IN_TAXI, letters, locations, SIZE, walls } from './taxi-map.ts';

const SQUARE = 72;

/** The destination is the marked square, the passenger a dot: at a place, or in the taxi. */
export function drawTaxi(state: number): Scene {
  const { row, column, passenger, destination } = decode(state);
  const shapes: Shape[] = [];
  for (let at = 0; at < SIZE * SIZE; at++) {
    const [r, c] = [Math.floor(at / SIZE), at % SIZE];
    const [goalRow, goalColumn] = locations[destination] ?? [-1, -1];
    shapes.push(square(r === goalRow && c === goalColumn ? 'goal' : 'cell', r, c, SQUARE));
  }
  for (const [r, c] of walls) shapes.push(wall(r, c));
  locations.forEach(([r, c], i) => {
    const [x, y] = middle(r, c, SQUARE);
    const at = [x - SQUARE * 0.3, y - SQUARE * 0.3] as const;
    shapes.push({ kind: 'text', paint: 'label', centre: at, size: SQUARE * 0.24, text: letters[i] ?? '' });
  });
  shapes.push(...cab(row, column));
  const [atRow, atColumn] = passenger === IN_TAXI ? [row, column] : (locations[passenger] ?? [0, 0]);
  const [x, y] = middle(atRow, atColumn, SQUARE);
  // Waiting, they stand in the lower right corner, clear of the taxi and the letter.
  const aside = passenger === IN_TAXI ? 0 : SQUARE * 0.3;
  shapes.push({ kind: 'circle', paint: 'limb', centre: [x + aside, y + aside], radius: SQUARE * 0.12 });
  return { width: SIZE * SQUARE, height: SIZE * SQUARE, shapes };
}

function wall(row: number, column: number): Shape {
  const width = SQUARE / 9;
  return {
    kind: 'rectangle',
    paint: 'ground',
    at: [(column + 1) * SQUARE - width / 2, row * SQUARE],
    width,
    height: SQUARE,
    radius: 0,
  };
}

function cab(row: number, column: number): Shape[] {
  const [x, y] = middle(row, column, SQUARE);
  const width = SQUARE * 0.6;
  const height = SQUARE * 0.36;
  const box = (paint: 'body' | 'joint', scale: number): Shape => ({
    kind: 'rectangle',
    paint,
    at: [x - (width * scale) / 2, y - (height * scale) / 2],
    width: width * scale,
    height: height * scale,
    radius: height * scale * 0.3,
  });
  return [box('body', 1), box('joint', 0.64)];
}
