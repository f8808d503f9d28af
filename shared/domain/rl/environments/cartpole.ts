import { cos, sin } from '../numeric.ts';
import { bar } from './drawing.ts';
import type { EnvironmentModel, StepOutcome } from './environment.ts';
import { flag, type KwargValues } from './kwargs.ts';
import type { Point, Scene } from './scene.ts';
import { box, discrete } from './spaces.ts';

/**
 * CartPole-v1 as in Gymnasium 1.x (`envs/classic_control/cartpole.py`), after Barto, Sutton and
 * Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems" (1983);
 * equations corrected by Florian (2007).
 *
 * State: cart position (m), velocity (m/s), pole angle from upright (rad), angular velocity (rad/s).
 * Actions: 0 pushes left, 1 pushes right. Reward 1 for every step, the last included.
 */
const GRAVITY = 9.8;
const CART_MASS = 1.0;
const POLE_MASS = 0.1;
const TOTAL_MASS = POLE_MASS + CART_MASS;
const HALF_LENGTH = 0.5;
const POLE_MASS_LENGTH = POLE_MASS * HALF_LENGTH;
const FORCE = 10.0;
const TIME_STEP = 0.02;
const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;
const POSITION_LIMIT = 2.4;

export const cartPole: EnvironmentModel = {
  id: 'CartPole-v1',
  observationSpace: box(
    [-2 * POSITION_LIMIT, Number.NEGATIVE_INFINITY, -2 * ANGLE_LIMIT, Number.NEGATIVE_INFINITY],
    [2 * POSITION_LIMIT, Number.POSITIVE_INFINITY, 2 * ANGLE_LIMIT, Number.POSITIVE_INFINITY],
  ),
  actionSpace: discrete(2),
  maxEpisodeSteps: 500,
  rewardThreshold: 475,
  stateLength: 4,
  start(state, random) {
    for (let i = 0; i < 4; i++) state[i] = random.uniform(-0.05, 0.05);
  },
  advance,
  observe(state, target, offset) {
    for (let i = 0; i < 4; i++) target[offset + i] = Math.fround(state[i] ?? 0);
  },
  render,
};

export const cartPoleKwargs = {
  sutton_barto_reward: flag(false, 'Reward 0 for every step and −1 for the fall, as in the book'),
};

/** With the reward of Sutton and Barto's book, example 3.4, if asked for. */
export function cartPoleWith({ sutton_barto_reward }: KwargValues<typeof cartPoleKwargs>): EnvironmentModel {
  if (!sutton_barto_reward) return cartPole;
  return {
    ...cartPole,
    advance(state, action, outcome) {
      advance(state, action, outcome);
      outcome.reward = outcome.terminated ? -1 : 0;
    },
  };
}

/** Explicit Euler: every position moves with the velocity of before the step. */
function advance(state: Float64Array, action: Float64Array, outcome: StepOutcome): void {
  const x = state[0] ?? 0;
  const velocity = state[1] ?? 0;
  const angle = state[2] ?? 0;
  const spin = state[3] ?? 0;
  const force = action[0] === 1 ? FORCE : -FORCE;
  const cosine = cos(angle);
  const sine = sin(angle);
  const push = (force + POLE_MASS_LENGTH * (spin * spin) * sine) / TOTAL_MASS;
  const angularAcceleration =
    (GRAVITY * sine - cosine * push) /
    (HALF_LENGTH * (4.0 / 3.0 - (POLE_MASS * (cosine * cosine)) / TOTAL_MASS));
  const acceleration = push - (POLE_MASS_LENGTH * angularAcceleration * cosine) / TOTAL_MASS;
  const nextX = x + TIME_STEP * velocity;
  const nextAngle = angle + TIME_STEP * spin;
  state[0] = nextX;
  state[1] = velocity + TIME_STEP * acceleration;
  state[2] = nextAngle;
  state[3] = spin + TIME_STEP * angularAcceleration;
  outcome.reward = 1;
  outcome.terminated = Math.abs(nextX) > POSITION_LIMIT || Math.abs(nextAngle) > ANGLE_LIMIT;
}

// Gymnasium's picture: 600 by 400 pixels, 4.8 m wide.
const WIDTH = 600;
const HEIGHT = 400;
const SCALE = WIDTH / (2 * POSITION_LIMIT);
const CART_Y = HEIGHT - 100;
const CART_WIDTH = 50;
const CART_HEIGHT = 30;
const POLE_WIDTH = 10;
const POLE_LENGTH = SCALE * 2 * HALF_LENGTH;
const AXLE_RISE = CART_HEIGHT / 4;

function render(state: ArrayLike<number>): Scene {
  const centre = (state[0] ?? 0) * SCALE + WIDTH / 2;
  const angle = state[2] ?? 0;
  const axle: Point = [centre, CART_Y - AXLE_RISE];
  const half = POLE_WIDTH / 2;
  const left = centre - CART_WIDTH / 2;
  const right = centre + CART_WIDTH / 2;
  const top = CART_Y - CART_HEIGHT / 2;
  const bottom = CART_Y + CART_HEIGHT / 2;
  return {
    width: WIDTH,
    height: HEIGHT,
    shapes: [
      { kind: 'line', paint: 'ground', from: [0, CART_Y], to: [WIDTH, CART_Y] },
      {
        kind: 'polygon',
        paint: 'body',
        points: [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ],
      },
      bar('limb', axle, angle, POLE_LENGTH - half, POLE_WIDTH, half),
      { kind: 'circle', paint: 'joint', centre: axle, radius: half },
    ],
  };
}
