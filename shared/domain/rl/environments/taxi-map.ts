/** Taxi's city: five by five squares, four places, a few walls between columns. */
export const SIZE = 5;

/** [row, column] of red, green, yellow and blue. */
export const locations = [
  [0, 0],
  [0, 4],
  [4, 0],
  [4, 3],
] as const;
export const letters = ['R', 'G', 'Y', 'B'] as const;

/** Walls to the east of [row, column]. */
export const walls = [
  [0, 1],
  [1, 1],
  [3, 0],
  [3, 2],
  [4, 0],
  [4, 2],
] as const;

/** The passenger's place while they ride. */
export const IN_TAXI = 4;

export interface TaxiState {
  readonly row: number;
  readonly column: number;
  /** Index into `locations`, or IN_TAXI. */
  readonly passenger: number;
  /** Index into `locations`. */
  readonly destination: number;
}

export function encode(row: number, column: number, passenger: number, destination: number): number {
  return ((row * SIZE + column) * (locations.length + 1) + passenger) * locations.length + destination;
}

export function decode(state: number): TaxiState {
  const places = locations.length;
  const square = Math.floor(state / (places * (places + 1)));
  return {
    row: Math.floor(square / SIZE),
    column: square % SIZE,
    passenger: Math.floor(state / places) % (places + 1),
    destination: state % places,
  };
}

/** Index of the place on a square; -1 for none. */
export function locationAt(row: number, column: number): number {
  return locations.findIndex(([r, c]) => r === row && c === column);
}

/** Whether the edge of the city or a wall lies to the south (0), north (1), east (2) or west (3). */
export function isBlocked(row: number, column: number, direction: number): boolean {
  if (direction === 0) return row === SIZE - 1;
  if (direction === 1) return row === 0;
  if (direction === 2) return column === SIZE - 1 || hasWall(row, column);
  return column === 0 || hasWall(row, column - 1);
}

/** The square to the south, north, east or west; the same one if the way is blocked. */
export function inDirection(row: number, column: number, direction: number): readonly [number, number] {
  if (isBlocked(row, column, direction)) return [row, column];
  if (direction === 0) return [row + 1, column];
  if (direction === 1) return [row - 1, column];
  return [row, direction === 2 ? column + 1 : column - 1];
}

function hasWall(row: number, column: number): boolean {
  return walls.some(([r, c]) => r === row && c === column);
}
