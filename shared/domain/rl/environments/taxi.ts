import type { EnvironmentModel, Transition } from './environment.ts';
import { flag, type KwargValues, real } from './kwargs.ts';
import { TransitionTable, tabularModel } from './tabular.ts';
import { drawTaxi } from './taxi-drawing.ts';
import { decode, encode, IN_TAXI, inDirection, isBlocked, locationAt, locations, SIZE } from './taxi-map.ts';

/**
 * Taxi-v4 as in Gymnasium 1.4 (`envs/toy_text/taxi.py`), after Dietterich, "Hierarchical reinforcement
 * learning with the MAXQ value function decomposition" (2000): fetch the passenger from one of four
 * places and bring them to another.
 *
 * State and observation: ((row · 5 + column) · 5 + passenger) · 4 + destination. Actions: 0 south,
 * 1 north, 2 east, 3 west, 4 pick up, 5 drop off. Reward 20 for the passenger delivered, −10 for
 * picking up or dropping off where it is not possible, −1 for any other step.
 */
const STATES = SIZE * SIZE * (locations.length + 1) * locations.length;
const ACTIONS = 6;
const PICK_UP = 4;

export const taxiKwargs = {
  is_rainy: flag(false, 'A move may drift to either side'),
  fickle_passenger: flag(false, 'The passenger may change the destination once, after the first move'),
  rainy_probability: real(0.8, 0, 1, 'When rainy: probability that a move goes where it should'),
  fickle_probability: real(0.3, 0, 1, 'When fickle: probability that the passenger changes their mind'),
};

// The state vector after the table's two: whether the passenger will still change the destination.
const FICKLE = 2;

export function taxi(kwargs: KwargValues<typeof taxiKwargs>): EnvironmentModel {
  const starts = Array.from({ length: STATES }, (_, state) => {
    const { passenger, destination } = decode(state);
    return passenger !== IN_TAXI && passenger !== destination ? 1 : 0;
  });
  const count = starts.reduce((sum: number, n) => sum + n, 0);
  const base = tabularModel({
    id: 'Taxi-v4',
    table: new TransitionTable(STATES, ACTIONS, (state, action) => transitions(kwargs, state, action)),
    initial: starts.map((n) => n / count),
    maxEpisodeSteps: 200,
    rewardThreshold: 8,
    render: drawTaxi,
  });
  return {
    ...base,
    stateLength: 3,
    start(state, random) {
      base.start(state, random);
      state[FICKLE] = kwargs.fickle_passenger && random.random() < kwargs.fickle_probability ? 1 : 0;
    },
    advance(state, action, outcome, random) {
      const before = state[0] ?? 0;
      base.advance(state, action, outcome, random);
      if (state[FICKLE] !== 1) return;
      const after = state[0] ?? 0;
      if (!movedWithPassenger(before, after)) return;
      state[FICKLE] = 0;
      state[0] = after - (after % locations.length) + otherDestination(before, random.integers(3));
    },
    info: (state) => ({ ...base.info?.(state), action_mask: actionMask(state[0] ?? 0) }),
  };
}

function movedWithPassenger(before: number, after: number): boolean {
  const from = decode(before);
  const to = decode(after);
  return from.passenger === IN_TAXI && (from.row !== to.row || from.column !== to.column);
}

/** The n-th of the destinations that the passenger did not have. */
function otherDestination(state: number, n: number): number {
  const { destination } = decode(state);
  return n < destination ? n : n + 1;
}

function transitions(kwargs: KwargValues<typeof taxiKwargs>, state: number, action: number): Transition[] {
  if (action >= PICK_UP) return [action === PICK_UP ? pickUp(state) : dropOff(state)];
  const { row, column, passenger, destination } = decode(state);
  const to = (probability: number, direction: number): Transition => {
    const [r, c] = inDirection(row, column, direction);
    return [probability, encode(r, c, passenger, destination), -1, false];
  };
  if (!kwargs.is_rainy) return [to(1, action)];
  const intended = to(kwargs.rainy_probability, action);
  const aside = (1 - kwargs.rainy_probability) / 2;
  // Who cannot go where they want does not drift either.
  if (isBlocked(row, column, action)) return [intended, [aside, state, -1, false], [aside, state, -1, false]];
  const [left, right] = lateral[action] ?? [0, 0];
  return [intended, to(aside, left), to(aside, right)];
}

/** What lies left and right of south, north, east and west. */
const lateral = [
  [2, 3],
  [3, 2],
  [1, 0],
  [0, 1],
] as const;

function pickUp(state: number): Transition {
  const { row, column, passenger, destination } = decode(state);
  if (passenger === IN_TAXI || locationAt(row, column) !== passenger) return [1, state, -10, false];
  return [1, encode(row, column, IN_TAXI, destination), -1, false];
}

function dropOff(state: number): Transition {
  const { row, column, passenger, destination } = decode(state);
  const here = locationAt(row, column);
  if (passenger !== IN_TAXI || here === -1) return [1, state, -10, false];
  const next = encode(row, column, here, destination);
  return here === destination ? [1, next, 20, true] : [1, next, -1, false];
}

/** 1 for each action that would change the state, however the weather is. */
function actionMask(state: number): number[] {
  const { row, column, passenger } = decode(state);
  const here = locationAt(row, column);
  const moves = [0, 1, 2, 3].map((direction) => !isBlocked(row, column, direction));
  const canPickUp = passenger !== IN_TAXI && here === passenger;
  const canDropOff = passenger === IN_TAXI && here !== -1;
  return [...moves, canPickUp, canDropOff].map(Number);
}
