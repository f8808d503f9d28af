import { expect, test } from 'vitest';
import {
  describeEnvironments,
  environmentIds,
  environmentModel,
  zooPresets,
} from '#shared/domain/rl/index.ts';

const all = describeEnvironments();

test('every environment is described once, as plain JSON', () => {
  expect(all.map(({ id }) => id)).toEqual(environmentIds);
  expect(environmentIds).toEqual([
    'CartPole-v1',
    'Acrobot-v1',
    'MountainCar-v0',
    'MountainCarContinuous-v0',
    'Pendulum-v1',
    'FrozenLake-v1',
    'FrozenLake8x8-v1',
    'CliffWalking-v1',
    'Taxi-v4',
    'Blackjack-v1',
  ]);
  expect(JSON.parse(JSON.stringify(all))).toEqual(all);
});

test('limits and thresholds are those Gymnasium registers', () => {
  expect(all.map((one) => [one.id, one.max_episode_steps, one.reward_threshold])).toEqual([
    ['CartPole-v1', 500, 475],
    ['Acrobot-v1', 500, -100],
    ['MountainCar-v0', 200, -110],
    ['MountainCarContinuous-v0', 999, 90],
    ['Pendulum-v1', 200, null],
    ['FrozenLake-v1', 100, 0.7],
    ['FrozenLake8x8-v1', 200, 0.85],
    ['CliffWalking-v1', null, null],
    ['Taxi-v4', 200, 8],
    ['Blackjack-v1', null, null],
  ]);
});

test('a space has Gymnasium’s name; a bound that does not exist is null', () => {
  const [cartPole] = all;
  expect(cartPole?.action_space).toEqual({ type: 'Discrete', n: 2 });
  expect(cartPole?.observation_space).toMatchObject({ type: 'Box', shape: [4], dtype: 'float32' });
  expect(cartPole?.observation_space).toHaveProperty('low', [
    Math.fround(-4.8),
    null,
    Math.fround(-0.41887902047863906),
    null,
  ]);
  expect(all.at(-1)?.observation_space).toEqual({
    type: 'Tuple',
    spaces: [
      { type: 'Discrete', n: 32 },
      { type: 'Discrete', n: 11 },
      { type: 'Discrete', n: 2 },
    ],
  });
  expect(all.at(-1)?.observation_size).toBe(45);
});

test('keyword arguments have what a form needs', () => {
  const lake = all.find(({ id }) => id === 'FrozenLake8x8-v1');
  expect(lake?.kwargs.map(({ name, type }) => [name, type])).toEqual([
    ['map_name', 'choice'],
    ['is_slippery', 'boolean'],
    ['success_rate', 'number'],
    ['reward_schedule', 'numbers'],
    ['desc', 'lines'],
  ]);
  expect(lake?.kwargs[0]).toMatchObject({ default: '8x8', options: ['4x4', '8x8'] });
  expect(all.at(-1)?.kwargs.map((kwarg) => [kwarg.name, kwarg.default])).toEqual([
    ['natural', false],
    ['sab', true],
  ]);
});

test('suggestions and presets are for algorithms that fit the actions', () => {
  for (const { id, algorithms, suggested_algorithm, presets } of all) {
    const fitting = environmentModel(id).actionSpace.kind === 'discrete' ? ['ppo', 'dqn'] : ['ppo', 'sac'];
    expect(algorithms).toEqual(fitting);
    expect(fitting).toContain(suggested_algorithm);
    expect(fitting).toEqual(expect.arrayContaining(Object.keys(presets)));
  }
});

test('every environment has tuned values: the zoo’s, or ours where it has none', () => {
  const idsOf = (name: string) => all.filter(({ preset }) => preset === name).map(({ id }) => id);
  expect(idsOf('zoo')).toEqual([
    'CartPole-v1',
    'Acrobot-v1',
    'MountainCar-v0',
    'MountainCarContinuous-v0',
    'Pendulum-v1',
  ]);
  expect(idsOf('tuned')).toEqual([
    'FrozenLake-v1',
    'FrozenLake8x8-v1',
    'CliffWalking-v1',
    'Taxi-v4',
    'Blackjack-v1',
  ]);
  expect(all[0]?.presets.ppo?.learning_rate).toEqual({ kind: 'linear', initial: 0.001 });
  expect(zooPresets('MountainCarContinuous-v0').sac).toMatchObject({ ent_coef: 0.1, use_sde: true });
});
