import { figure, flagAt, middle, square } from './drawing.ts';
import type { EnvironmentModel, Transition } from './environment.ts';
import { choice, flag, type KwargValues, lines, real, reals } from './kwargs.ts';
import type { Scene, Shape } from './scene.ts';
import { TransitionTable, tabularModel } from './tabular.ts';

/**
 * FrozenLake-v1 and FrozenLake8x8-v1 as in Gymnasium 1.4 (`envs/toy_text/frozen_lake.py`): from S to G
 * over ice (F) without falling into a hole (H). On slippery ice a move goes where it should with
 * `success_rate`, else to either side.
 *
 * State and observation: row · columns + column. Actions: 0 left, 1 down, 2 right, 3 up.
 */
const maps = {
  '4x4': ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  '8x8': ['SFFFFFFF', 'FFFFFFFF', 'FFFHFFFF', 'FFFFFHFF', 'FFFHFFFF', 'FHHFFFHF', 'FHFFHFHF', 'FFFHFFFG'],
} as const;
type MapName = keyof typeof maps;

const LARGEST_MAP = 32;

function checkMap(desc: readonly string[]): void {
  const width = desc[0]?.length ?? 0;
  const fits = desc.length <= LARGEST_MAP && width >= 1 && width <= LARGEST_MAP;
  if (!fits || desc.some((line) => line.length !== width)) {
    throw new RangeError(`must be 1 to ${LARGEST_MAP} lines of the same length, 1 to ${LARGEST_MAP}`);
  }
  const all = desc.join('');
  if (!/^[SFHG]*$/.test(all))
    throw new RangeError('must be made of S (start), F (frozen), H (hole), G (goal)');
  if (!all.includes('S') || !all.includes('G')) throw new RangeError('must have a start S and a goal G');
}

export const frozenLakeKwargs = (mapName: MapName) => ({
  map_name: choice(['4x4', '8x8'], mapName, 'Which of the two maps'),
  is_slippery: flag(true, 'A move may slide to either side'),
  success_rate: real(1 / 3, 0, 1, 'On slippery ice: probability that a move goes where it should'),
  reward_schedule: reals([1, 0, 0], -1e6, 1e6, 'Rewards for reaching the goal, a hole, ice'),
  desc: lines('A map of your own, instead of map_name: lines of S, F, H and G', checkMap),
});

export function frozenLake(
  id: 'FrozenLake-v1' | 'FrozenLake8x8-v1',
  kwargs: KwargValues<ReturnType<typeof frozenLakeKwargs>>,
): EnvironmentModel {
  const map = kwargs.desc ?? maps[kwargs.map_name];
  const tiles = map.join('');
  const starts = [...tiles].map((tile) => (tile === 'S' ? 1 : 0));
  const count = starts.reduce((sum: number, n) => sum + n, 0);
  const large = id === 'FrozenLake8x8-v1';
  return tabularModel({
    id,
    table: new TransitionTable(tiles.length, 4, (state, action) => transitions(map, kwargs, state, action)),
    initial: starts.map((n) => n / count),
    maxEpisodeSteps: large ? 200 : 100,
    rewardThreshold: large ? 0.85 : 0.7,
    render: (state) => draw(map, state),
  });
}

function transitions(
  map: readonly string[],
  kwargs: KwargValues<ReturnType<typeof frozenLakeKwargs>>,
  state: number,
  action: number,
): Transition[] {
  const columns = map[0]?.length ?? 1;
  const row = Math.floor(state / columns);
  const column = state % columns;
  const tileAt = (r: number, c: number): string => map[r]?.[c] ?? 'F';
  if ('GH'.includes(tileAt(row, column))) return [[1, state, 0, true]];
  const [forGoal = 1, forHole = 0, forIce = 0] = kwargs.reward_schedule;
  const towards = (probability: number, direction: number): Transition => {
    const [r, c] = move(row, column, direction, map.length, columns);
    const tile = tileAt(r, c);
    const reward = tile === 'G' ? forGoal : tile === 'H' ? forHole : forIce;
    return [probability, r * columns + c, reward, 'GH'.includes(tile)];
  };
  if (!kwargs.is_slippery) return [towards(1, action)];
  const fail = (1 - kwargs.success_rate) / 2;
  return [
    towards(fail, (action + 3) % 4),
    towards(kwargs.success_rate, action),
    towards(fail, (action + 1) % 4),
  ];
}

function move(row: number, column: number, direction: number, rows: number, columns: number) {
  if (direction === 0) return [row, Math.max(column - 1, 0)] as const;
  if (direction === 1) return [Math.min(row + 1, rows - 1), column] as const;
  if (direction === 2) return [row, Math.min(column + 1, columns - 1)] as const;
  return [Math.max(row - 1, 0), column] as const;
}

const SQUARE = 64;

function draw(map: readonly string[], state: number): Scene {
  const columns = map[0]?.length ?? 1;
  const shapes: Shape[] = [];
  map.forEach((line, row) => {
    [...line].forEach((tile, column) => {
      const [x, y] = middle(row, column, SQUARE);
      shapes.push(square(tile === 'S' ? 'start' : 'cell', row, column, SQUARE));
      if (tile === 'H')
        shapes.push({ kind: 'circle', paint: 'hazard', centre: [x, y], radius: SQUARE * 0.36 });
      if (tile === 'G') shapes.push(...flagAt([x - SQUARE * 0.12, y + SQUARE * 0.32], SQUARE * 0.64));
    });
  });
  shapes.push(...figure(Math.floor(state / columns), state % columns, SQUARE));
  return { width: columns * SQUARE, height: map.length * SQUARE, shapes };
}
