import { expect, test } from 'vitest';
import {
  type EnvironmentModel,
  environmentDefinition,
  environmentIds,
  environmentModel,
  InvalidEnvironmentKwarg,
} from '#shared/domain/rl/index.ts';

const refusal = (id: string, kwargs: Record<string, unknown>): InvalidEnvironmentKwarg => {
  try {
    environmentModel(id, kwargs);
  } catch (error) {
    if (error instanceof InvalidEnvironmentKwarg) return error;
  }
  throw new Error('it was accepted');
};

test.each([
  ['FrozenLake-v1', { slippery: true }, 'slippery', /does not exist.*map_name, is_slippery/],
  ['Acrobot-v1', { g: 10 }, 'g', /there are: none/],
  ['FrozenLake-v1', { is_slippery: 1 }, 'is_slippery', /true or false/],
  ['FrozenLake-v1', { map_name: '16x16' }, 'map_name', /one of: 4x4, 8x8/],
  ['FrozenLake-v1', { success_rate: 1.5 }, 'success_rate', /from 0 to 1/],
  ['FrozenLake-v1', { success_rate: Number.NaN }, 'success_rate', /from 0 to 1/],
  ['FrozenLake-v1', { reward_schedule: [1, 0] }, 'reward_schedule', /3 numbers/],
  ['FrozenLake-v1', { reward_schedule: [1, 0, 'x'] }, 'reward_schedule', /3 numbers/],
  ['FrozenLake-v1', { desc: 'SFFG' }, 'desc', /list of lines/],
  ['FrozenLake-v1', { desc: [] }, 'desc', /1 to 32 lines/],
  ['FrozenLake-v1', { desc: ['SFF', 'FG'] }, 'desc', /same length/],
  ['FrozenLake-v1', { desc: ['SXG'] }, 'desc', /S \(start\)/],
  ['FrozenLake-v1', { desc: ['SFF'] }, 'desc', /a goal G/],
  ['FrozenLake-v1', { desc: ['FFG'] }, 'desc', /a start S/],
  ['CliffWalking-v1', { is_slippery: null }, 'is_slippery', /true or false/],
  ['Taxi-v4', { rainy_probability: '0.8' }, 'rainy_probability', /from 0 to 1/],
  ['Blackjack-v1', { sab: 'yes' }, 'sab', /true or false/],
  ['Pendulum-v1', { g: Number.POSITIVE_INFINITY }, 'g', /from 0 to 1000/],
  ['CartPole-v1', { toString: 1 }, 'toString', /does not exist/],
] as const)('%s with %j is refused by name', (id, kwargs, field, reason) => {
  const error = refusal(id, kwargs);
  expect(error).toMatchObject({ environment: id, field });
  expect(error.reason).toMatch(reason);
  expect(error.message).toContain(`env_kwargs.${field}`);
});

/** Enough of a model to tell two apart. */
const fingerprint = (model: EnvironmentModel): unknown => {
  const random = { random: () => 0.3, uniform: (low: number) => low, integers: () => 0 };
  const state = new Float64Array(model.stateLength);
  model.start(state, random);
  const outcome = { reward: 0, terminated: false, truncated: false };
  model.advance(state, Float64Array.of(0), outcome, random);
  return [[...state], outcome, model.transitions?.()];
};

test.each(environmentIds)('giving %s its defaults changes nothing', (id) => {
  const { kwargs } = environmentDefinition(id);
  const defaults = Object.fromEntries(Object.entries(kwargs).map(([name, form]) => [name, form.default]));
  expect(fingerprint(environmentModel(id, defaults))).toEqual(fingerprint(environmentModel(id)));
});

test('the reward of the book: CartPole pays nothing, and takes 1 for the fall', () => {
  const { advance } = environmentModel('CartPole-v1', { sutton_barto_reward: true });
  const random = { random: () => 0, uniform: () => 0, integers: () => 0 };
  const outcome = { reward: 9, terminated: false, truncated: false };
  advance(Float64Array.of(0, 0, 0, 0), Float64Array.of(1), outcome, random);
  expect(outcome).toMatchObject({ reward: 0, terminated: false });
  advance(Float64Array.of(2.39, 3, 0, 0), Float64Array.of(1), outcome, random);
  expect(outcome).toMatchObject({ reward: -1, terminated: true });
});

test('goal_velocity asks for speed at the flag, g for another planet', () => {
  const random = { random: () => 0, uniform: () => 0, integers: () => 0 };
  const outcome = { reward: 0, terminated: false, truncated: false };
  for (const id of ['MountainCar-v0', 'MountainCarContinuous-v0']) {
    for (const [goal_velocity, terminated] of [
      [0, true],
      [0.05, false],
    ] as const) {
      const { advance } = environmentModel(id, { goal_velocity });
      advance(Float64Array.of(0.5, 0.02), Float64Array.of(1), outcome, random);
      expect(outcome.terminated).toBe(terminated);
    }
  }
  const floating = Float64Array.of(1, 0);
  environmentModel('Pendulum-v1', { g: 0 }).advance(floating, Float64Array.of(0), outcome, random);
  expect([...floating]).toEqual([1, 0]);
});

test('with natural, and without sab, winning with an ace and a ten pays 1.5', () => {
  const reward = (kwargs: Record<string, boolean>, dealer: number[]): number => {
    const model = environmentModel('Blackjack-v1', kwargs);
    const state = new Float64Array(model.stateLength);
    model.internal?.write(state, { dealer, player: [10, 1] });
    const outcome = { reward: 0, terminated: false, truncated: false };
    const random = { random: () => 0, uniform: () => 0, integers: () => 0 };
    model.advance(state, Float64Array.of(0), outcome, random);
    return outcome.reward;
  };
  const [natural, plain, sab] = [{ natural: true, sab: false }, { sab: false }, { natural: true, sab: true }];
  const nine = [10, 9];
  const twentyOneOfThree = [7, 7, 7];
  const ace = [1, 10];
  expect([natural, plain, sab].map((kwargs) => reward(kwargs, nine))).toEqual([1.5, 1, 1]);
  expect([natural, plain, sab].map((kwargs) => reward(kwargs, twentyOneOfThree))).toEqual([0, 0, 1]);
  expect([natural, plain, sab].map((kwargs) => reward(kwargs, ace))).toEqual([0, 0, 0]);
});
