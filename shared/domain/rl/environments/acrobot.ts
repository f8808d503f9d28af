import { cos, sin } from '../numeric.ts';
import { bar } from './drawing.ts';
import type { EnvironmentModel, StepOutcome } from './environment.ts';
import type { Point, Scene } from './scene.ts';
import { box, discrete } from './spaces.ts';

/**
 * Acrobot-v1 as in Gymnasium 1.x (`envs/classic_control/acrobot.py`): a hanging double pendulum, driven
 * at the joint between its links, is to swing its tip one link above the pivot. Equations of Sutton and
 * Barto's book (1998, section 11.3), not those of the NIPS paper.
 *
 * State: angle of the first link from hanging down, angle of the second relative to the first (rad, in
 * [−π, π]), their velocities (rad/s). Actions: torque −1, 0, +1 N m. Reward −1 a step, 0 for the last.
 */
const GRAVITY = 9.8;
const LENGTH = 1; // of the first link; both masses and moments of inertia are 1 too
const CENTRE = 0.5; // of mass, along either link
const TIME_STEP = 0.2;
const MAX_SPEED_1 = 4 * Math.PI;
const MAX_SPEED_2 = 9 * Math.PI;

export const acrobot: EnvironmentModel = {
  id: 'Acrobot-v1',
  observationSpace: box([-1, -1, -1, -1, -MAX_SPEED_1, -MAX_SPEED_2], [1, 1, 1, 1, MAX_SPEED_1, MAX_SPEED_2]),
  actionSpace: discrete(3),
  maxEpisodeSteps: 500,
  rewardThreshold: -100,
  stateLength: 4,
  start(state, random) {
    // Gymnasium keeps the start, and only the start, as float32.
    for (let i = 0; i < 4; i++) state[i] = Math.fround(random.uniform(-0.1, 0.1));
  },
  advance,
  observe(state, target, offset) {
    const first = state[0] ?? 0;
    const second = state[1] ?? 0;
    target[offset] = Math.fround(cos(first));
    target[offset + 1] = Math.fround(sin(first));
    target[offset + 2] = Math.fround(cos(second));
    target[offset + 3] = Math.fround(sin(second));
    target[offset + 4] = Math.fround(state[2] ?? 0);
    target[offset + 5] = Math.fround(state[3] ?? 0);
  },
  render,
};

// Derivatives at the four points of a Runge-Kutta step, and where they are taken.
const k1 = new Float64Array(4);
const k2 = new Float64Array(4);
const k3 = new Float64Array(4);
const k4 = new Float64Array(4);
const point = new Float64Array(4);

/** One classical Runge-Kutta step of 0.2 s with constant torque. */
function advance(state: Float64Array, action: Float64Array, outcome: StepOutcome): void {
  const torque = (action[0] ?? 0) - 1;
  derive(state, torque, k1);
  derive(moved(state, k1, TIME_STEP / 2), torque, k2);
  derive(moved(state, k2, TIME_STEP / 2), torque, k3);
  derive(moved(state, k3, TIME_STEP), torque, k4);
  for (let i = 0; i < 4; i++) {
    const slope = (k1[i] ?? 0) + 2 * (k2[i] ?? 0) + 2 * (k3[i] ?? 0) + (k4[i] ?? 0);
    state[i] = (state[i] ?? 0) + (TIME_STEP / 6) * slope;
  }
  const first = wrapped(state[0] ?? 0);
  const second = wrapped(state[1] ?? 0);
  state[0] = first;
  state[1] = second;
  state[2] = bounded(state[2] ?? 0, MAX_SPEED_1);
  state[3] = bounded(state[3] ?? 0, MAX_SPEED_2);
  outcome.terminated = -cos(first) - cos(second + first) > 1;
  outcome.reward = outcome.terminated ? 0 : -1;
}

function moved(state: Float64Array, slope: Float64Array, time: number): Float64Array {
  for (let i = 0; i < 4; i++) point[i] = (state[i] ?? 0) + time * (slope[i] ?? 0);
  return point;
}

function derive(state: Float64Array, torque: number, into: Float64Array): void {
  const first = state[0] ?? 0;
  const second = state[1] ?? 0;
  const speed1 = state[2] ?? 0;
  const speed2 = state[3] ?? 0;
  const cosine = cos(second);
  const sine = sin(second);
  const d1 = CENTRE ** 2 + (LENGTH ** 2 + CENTRE ** 2 + 2 * LENGTH * CENTRE * cosine) + 1 + 1;
  const d2 = CENTRE ** 2 + LENGTH * CENTRE * cosine + 1;
  const phi2 = CENTRE * GRAVITY * cos(first + second - Math.PI / 2);
  const phi1 =
    -LENGTH * CENTRE * speed2 ** 2 * sine -
    2 * LENGTH * CENTRE * speed2 * speed1 * sine +
    (CENTRE + LENGTH) * GRAVITY * cos(first - Math.PI / 2) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - LENGTH * CENTRE * speed1 ** 2 * sine - phi2) /
    (CENTRE ** 2 + 1 - d2 ** 2 / d1);
  into[0] = speed1;
  into[1] = speed2;
  into[2] = -(d2 * acceleration2 + phi1) / d1;
  into[3] = acceleration2;
}

function wrapped(angle: number): number {
  let x = angle;
  while (x > Math.PI) x -= 2 * Math.PI;
  while (x < -Math.PI) x += 2 * Math.PI;
  return x;
}

function bounded(x: number, limit: number): number {
  return Math.min(Math.max(x, -limit), limit);
}

const SIZE = 440;
const SCALE = 100; // pixels per metre: both links upright leave a margin
const LINK_WIDTH = 20;

function render(state: ArrayLike<number>): Scene {
  const first = Math.PI - (state[0] ?? 0);
  const second = first - (state[1] ?? 0);
  const pivot: Point = [SIZE / 2, SIZE / 2];
  const tipOf = ([x, y]: Point, angle: number): Point => [x + SCALE * sin(angle), y - SCALE * cos(angle)];
  const elbow = tipOf(pivot, first);
  const tip = tipOf(elbow, second);
  const height = SIZE / 2 - SCALE;
  return {
    width: SIZE,
    height: SIZE,
    shapes: [
      { kind: 'line', paint: 'goal', from: [0, height], to: [SIZE, height] },
      bar('body', pivot, first, SCALE, LINK_WIDTH),
      bar('limb', elbow, second, SCALE, LINK_WIDTH),
      { kind: 'circle', paint: 'limb', centre: tip, radius: LINK_WIDTH / 2 },
      { kind: 'circle', paint: 'body', centre: elbow, radius: LINK_WIDTH / 2 },
      { kind: 'circle', paint: 'body', centre: pivot, radius: LINK_WIDTH / 2 },
      { kind: 'circle', paint: 'joint', centre: elbow, radius: 4 },
      { kind: 'circle', paint: 'joint', centre: pivot, radius: 4 },
    ],
  };
}
