import { cos } from '../numeric.ts';
import type { EnvironmentModel } from './environment.ts';
import { drawHill, MAX_POSITION, MAX_SPEED, MIN_POSITION, STEEPNESS } from './hill.ts';
import { type KwargValues, real } from './kwargs.ts';
import { box } from './spaces.ts';

/**
 * MountainCarContinuous-v0 as in Gymnasium 1.x (`envs/classic_control/continuous_mountain_car.py`).
 *
 * State and observation: position, velocity (per step), rounded to float32 by every step but not by the
 * reset. Action: push, clipped to ±1. Reward: 100 at the flag, less 0.1 · push² of the unclipped push.
 * Arithmetic between the roundings is float64, as with NumPy 1; NumPy 2 does some of it in float32 and
 * differs by up to 1.2e-7 a step.
 */
const POWER = 0.0015;
const GOAL = 0.45;

export const mountainCarContinuousKwargs = {
  goal_velocity: real(0, -MAX_SPEED, MAX_SPEED, 'Velocity that the car must have at the flag'),
};

export function mountainCarContinuous({
  goal_velocity,
}: KwargValues<typeof mountainCarContinuousKwargs>): EnvironmentModel {
  return {
    id: 'MountainCarContinuous-v0',
    observationSpace: box([MIN_POSITION, -MAX_SPEED], [MAX_POSITION, MAX_SPEED]),
    actionSpace: box([-1], [1]),
    maxEpisodeSteps: 999,
    rewardThreshold: 90,
    stateLength: 2,
    start(state, random) {
      state[0] = random.uniform(-0.6, -0.4);
      state[1] = 0;
    },
    advance(state, action, outcome) {
      const from = state[0] ?? 0;
      const push = action[0] ?? 0;
      const force = Math.min(Math.max(push, -1), 1);
      const accelerated = (state[1] ?? 0) + (force * POWER - STEEPNESS * cos(3 * from));
      let velocity = Math.min(Math.max(accelerated, -MAX_SPEED), MAX_SPEED);
      const position = Math.min(Math.max(from + velocity, MIN_POSITION), MAX_POSITION);
      if (position === MIN_POSITION && velocity < 0) velocity = 0;
      outcome.terminated = position >= GOAL && velocity >= goal_velocity;
      outcome.reward = (outcome.terminated ? 100 : 0) - push * push * 0.1;
      state[0] = Math.fround(position);
      state[1] = Math.fround(velocity);
    },
    observe(state, target, offset) {
      target[offset] = Math.fround(state[0] ?? 0);
      target[offset + 1] = Math.fround(state[1] ?? 0);
    },
    render: (state) => drawHill(state[0] ?? 0, GOAL),
  };
}
