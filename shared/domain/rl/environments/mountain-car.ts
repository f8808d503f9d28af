import { cos } from '../numeric.ts';
import type { EnvironmentModel } from './environment.ts';
import { drawHill, MAX_POSITION, MAX_SPEED, MIN_POSITION, STEEPNESS } from './hill.ts';
import { type KwargValues, real } from './kwargs.ts';
import { box, discrete } from './spaces.ts';

/**
 * MountainCar-v0 as in Gymnasium 1.x (`envs/classic_control/mountain_car.py`), after Moore's thesis
 * (1990): a car too weak for the slope gathers speed between two hills.
 *
 * State and observation: position, velocity (per step). Actions: 0 push left, 1 coast, 2 push right.
 * Reward −1 a step until the flag.
 */
const FORCE = 0.001;
const GOAL = 0.5;

export const mountainCarKwargs = {
  goal_velocity: real(0, -MAX_SPEED, MAX_SPEED, 'Velocity that the car must have at the flag'),
};

export function mountainCar({ goal_velocity }: KwargValues<typeof mountainCarKwargs>): EnvironmentModel {
  return {
    id: 'MountainCar-v0',
    observationSpace: box([MIN_POSITION, -MAX_SPEED], [MAX_POSITION, MAX_SPEED]),
    actionSpace: discrete(3),
    maxEpisodeSteps: 200,
    rewardThreshold: -110,
    stateLength: 2,
    start(state, random) {
      state[0] = random.uniform(-0.6, -0.4);
      state[1] = 0;
    },
    advance(state, action, outcome) {
      const from = state[0] ?? 0;
      const push = ((action[0] ?? 0) - 1) * FORCE + cos(3 * from) * -STEEPNESS;
      let velocity = Math.min(Math.max((state[1] ?? 0) + push, -MAX_SPEED), MAX_SPEED);
      const position = Math.min(Math.max(from + velocity, MIN_POSITION), MAX_POSITION);
      if (position === MIN_POSITION && velocity < 0) velocity = 0;
      state[0] = position;
      state[1] = velocity;
      outcome.reward = -1;
      outcome.terminated = position >= GOAL && velocity >= goal_velocity;
    },
    observe(state, target, offset) {
      target[offset] = Math.fround(state[0] ?? 0);
      target[offset + 1] = Math.fround(state[1] ?? 0);
    },
    render: (state) => drawHill(state[0] ?? 0, GOAL),
  };
}
