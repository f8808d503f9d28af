import { cos, sin } from '../numeric.ts';
import { bar } from './drawing.ts';
import type { EnvironmentModel } from './environment.ts';
import { type KwargValues, real } from './kwargs.ts';
import type { Scene } from './scene.ts';
import { box } from './spaces.ts';

/**
 * Pendulum-v1 as in Gymnasium 1.x (`envs/classic_control/pendulum.py`): swing a pendulum up and hold it
 * with a torque too weak to lift it at once.
 *
 * State: angle from upright (rad, counter-clockwise, not wrapped), angular velocity (rad/s).
 * Action: torque (N m), clipped to ±2. Reward: −(angle² + 0.1 velocity² + 0.001 torque²) of before the
 * step. Never terminates.
 */
const MAX_SPEED = 8;
const MAX_TORQUE = 2;
const TIME_STEP = 0.05;
const MASS = 1;
const LENGTH = 1;

export const pendulumKwargs = { g: real(10, 0, 1000, 'Acceleration of gravity, m/s²') };

export function pendulum({ g }: KwargValues<typeof pendulumKwargs>): EnvironmentModel {
  return {
    id: 'Pendulum-v1',
    observationSpace: box([-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]),
    actionSpace: box([-MAX_TORQUE], [MAX_TORQUE]),
    maxEpisodeSteps: 200,
    rewardThreshold: null,
    stateLength: 2,
    start(state, random) {
      state[0] = random.uniform(-Math.PI, Math.PI);
      state[1] = random.uniform(-1, 1);
    },
    advance(state, action, outcome) {
      const angle = state[0] ?? 0;
      const speed = state[1] ?? 0;
      const torque = Math.min(Math.max(action[0] ?? 0, -MAX_TORQUE), MAX_TORQUE);
      const fromUpright = wrapped(angle);
      outcome.reward = -(fromUpright * fromUpright + 0.1 * (speed * speed) + 0.001 * (torque * torque));
      outcome.terminated = false;
      const pull = ((3 * g) / (2 * LENGTH)) * sin(angle) + (3 / (MASS * LENGTH * LENGTH)) * torque;
      const nextSpeed = Math.min(Math.max(speed + pull * TIME_STEP, -MAX_SPEED), MAX_SPEED);
      state[0] = angle + nextSpeed * TIME_STEP;
      state[1] = nextSpeed;
    },
    observe(state, target, offset) {
      const angle = state[0] ?? 0;
      target[offset] = Math.fround(cos(angle));
      target[offset + 1] = Math.fround(sin(angle));
      target[offset + 2] = Math.fround(state[1] ?? 0);
    },
    render,
  };
}

/** The angle in [−π, π): Python's ((x + π) mod 2π) − π, whose remainder has the sign of the divisor. */
function wrapped(angle: number): number {
  const remainder = (angle + Math.PI) % (2 * Math.PI);
  return (remainder < 0 ? remainder + 2 * Math.PI : remainder) - Math.PI;
}

const SIZE = 400;
const ROD_LENGTH = 150;
const ROD_WIDTH = 28;

function render(state: ArrayLike<number>): Scene {
  const pivot = [SIZE / 2, SIZE / 2] as const;
  const angle = -(state[0] ?? 0); // counter-clockwise in Gymnasium
  const tip = [pivot[0] + ROD_LENGTH * sin(angle), pivot[1] - ROD_LENGTH * cos(angle)] as const;
  return {
    width: SIZE,
    height: SIZE,
    shapes: [
      { kind: 'line', paint: 'ground', from: [pivot[0], 16], to: pivot },
      bar('limb', pivot, angle, ROD_LENGTH, ROD_WIDTH),
      { kind: 'circle', paint: 'limb', centre: pivot, radius: ROD_WIDTH / 2 },
      { kind: 'circle', paint: 'limb', centre: tip, radius: ROD_WIDTH / 2 },
      { kind: 'circle', paint: 'joint', centre: pivot, radius: 6 },
    ],
  };
}
