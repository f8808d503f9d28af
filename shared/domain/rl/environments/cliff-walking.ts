import { figure, flagAt, middle, square } from './drawing.ts';
import type { EnvironmentModel, Transition } from './environment.ts';
import { flag, type KwargValues } from './kwargs.ts';
import type { Paint, Scene, Shape } from './scene.ts';
import { TransitionTable, tabularModel } from './tabular.ts';

/**
 * CliffWalking-v1 as in Gymnasium 1.4 (`envs/toy_text/cliffwalking.py`), after Sutton and Barto's
 * example 6.6: along the lower edge of a 4 by 12 board runs a cliff. A step costs 1; who steps off the
 * cliff pays 100 and is back at the start.
 *
 * State and observation: row · 12 + column. Actions: 0 up, 1 right, 2 down, 3 left. No time limit.
 */
const ROWS = 4;
const COLUMNS = 12;
const START = (ROWS - 1) * COLUMNS;
const GOAL = ROWS * COLUMNS - 1;
const MOVES = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

export const cliffWalkingKwargs = {
  is_slippery: flag(false, 'A move slides to either side two times in three'),
};

export function cliffWalking({ is_slippery }: KwargValues<typeof cliffWalkingKwargs>): EnvironmentModel {
  return tabularModel({
    id: 'CliffWalking-v1',
    table: new TransitionTable(ROWS * COLUMNS, MOVES.length, (state, action) => {
      const directions = is_slippery ? [(action + 3) % 4, action, (action + 1) % 4] : [action];
      return directions.map((direction) => transition(state, direction, 1 / directions.length));
    }),
    initial: Array.from({ length: ROWS * COLUMNS }, (_, state) => (state === START ? 1 : 0)),
    maxEpisodeSteps: null,
    rewardThreshold: null,
    render,
  });
}

function transition(state: number, direction: number, probability: number): Transition {
  const [down = 0, right = 0] = MOVES[direction] ?? [];
  const row = Math.min(Math.max(Math.floor(state / COLUMNS) + down, 0), ROWS - 1);
  const column = Math.min(Math.max((state % COLUMNS) + right, 0), COLUMNS - 1);
  const next = row * COLUMNS + column;
  return isCliff(next) ? [probability, START, -100, false] : [probability, next, -1, next === GOAL];
}

function isCliff(state: number): boolean {
  return state > START && state < GOAL;
}

const SQUARE = 48;

function paintOf(state: number): Paint {
  if (isCliff(state)) return 'hazard';
  return state === START ? 'start' : 'cell';
}

function render(state: number): Scene {
  const shapes: Shape[] = [];
  for (let at = 0; at < ROWS * COLUMNS; at++) {
    shapes.push(square(paintOf(at), Math.floor(at / COLUMNS), at % COLUMNS, SQUARE));
  }
  const [x, y] = middle(ROWS - 1, COLUMNS - 1, SQUARE);
  shapes.push(...flagAt([x - SQUARE * 0.12, y + SQUARE * 0.32], SQUARE * 0.64));
  shapes.push(...figure(Math.floor(state / COLUMNS), state % COLUMNS, SQUARE));
  return { width: COLUMNS * SQUARE, height: ROWS * SQUARE, shapes };
}
