import { describe, expect, test } from 'vitest';
import type { TrainingRequest } from '#shared/domain/rl/index.ts';
import { advance, start, tensorsIn } from './algorithms.ts';

const dqn = (hyperparameters: Record<string, unknown>, max_steps = 400): TrainingRequest => ({
  algorithm: 'dqn',
  environment: 'CartPole-v1',
  hyperparameters: { hidden_sizes: [8], batch_size: 4, ...hyperparameters },
  max_steps,
});

const pendulum = (hyperparameters: Record<string, unknown>, max_steps: number): TrainingRequest => ({
  algorithm: 'sac',
  environment: 'Pendulum-v1',
  hyperparameters: { hidden_sizes: [8], batch_size: 4, ...hyperparameters },
  max_steps,
});

/** [step, gradient steps so far] after each of the first iterations. */
const updates = (config: TrainingRequest, count: number) =>
  advance(start(config), count).map((metrics) => [
    metrics?.['time/total_timesteps'],
    metrics?.['train/n_updates'],
  ]);

describe('gradient steps', () => {
  test('begin with the first round that ends after learning_starts', () => {
    const config = dqn({ learning_starts: 8, train_freq: 4, gradient_steps: 3 });
    expect(updates(config, 4)).toEqual([
      [4, 0],
      [8, 0],
      [12, 3],
      [16, 6],
    ]);
  });

  test('are as many as the steps taken in all environments with −1', () => {
    const config = dqn({ learning_starts: 0, train_freq: 3, gradient_steps: -1, n_envs: 2 });
    expect(updates(config, 2)).toEqual([
      [6, 6],
      [12, 12],
    ]);
  });
});

test('an iteration is a hundredth of the training, and ends with a round and with the training', () => {
  const training = start(dqn({ learning_starts: 1000, train_freq: 7 }, 430));
  const steps: number[] = [];
  while (!training.done) steps.push(training.advance()?.['time/total_timesteps'] ?? Number.NaN);
  expect(steps.slice(0, 3)).toEqual([7, 14, 21]);
  expect(steps.at(-1)).toBe(434); // the round that reaches 430
});

test('ε falls linearly over its part of the training', () => {
  const training = start(
    dqn({ exploration_fraction: 0.5, exploration_initial_eps: 0.9, exploration_final_eps: 0.1 }),
  );
  const rates = advance(training, 60).map((metrics) =>
    metrics !== null && 'rollout/exploration_rate' in metrics
      ? metrics['rollout/exploration_rate']
      : Number.NaN,
  );
  expect(rates[24]).toBeCloseTo(0.9 - 0.8 * (100 / 200), 12); // at step 100
  expect(rates[49]).toBe(0.1); // at step 200
  expect(rates[59]).toBe(0.1);
});

test('the target network is the online one at every target_update_interval, and stays meanwhile', () => {
  const training = start(dqn({ learning_starts: 0, train_freq: 1, target_update_interval: 10 }));
  const state = () => tensorsIn(training.snapshot().state);
  advance(training, 2); // iterations of 4 steps: 8
  const initial = state();
  expect(initial['target.q_net.0.weight']).not.toEqual(initial['q_net.0.weight']);
  advance(training, 1); // 12: copied at 10, and learnt twice since
  const copied = state();
  expect(copied['target.q_net.0.weight']).not.toEqual(initial['target.q_net.0.weight']);
  expect(copied['target.q_net.0.weight']).not.toEqual(copied['q_net.0.weight']);
  advance(training, 1);
  expect(state()['target.q_net.0.weight']).toEqual(copied['target.q_net.0.weight']);
});

describe('what is remembered', () => {
  /** Rows of a column of the replay buffer. */
  const rows = (values: readonly number[] = [], width = 1) =>
    Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));

  test('leads from observation to observation, over the time limit to the last one and not to the next episode', () => {
    const training = start(pendulum({ learning_starts: 1000 }, 450));
    while (!training.done) training.advance();
    const { replay } = training.snapshot();
    const kept = tensorsIn(replay ?? new Uint8Array());
    const before = rows(kept['observations'], 3);
    const after = rows(kept['next_observations'], 3);
    expect(before).toHaveLength(450);
    const broken = after.flatMap((row, i) =>
      i + 1 < before.length && row.some((x, k) => x !== before[i + 1]?.[k]) ? [i] : [],
    );
    expect(broken).toEqual([199, 399]);
    expect(new Set(kept['dones'])).toEqual(new Set([0]));
  });

  test('is a terminal state where the episode terminated', () => {
    const training = start(dqn({ learning_starts: 1000 }, 100));
    while (!training.done) training.advance();
    const { replay, state } = training.snapshot();
    const dones = tensorsIn(replay ?? new Uint8Array())['dones'] ?? [];
    const finished = tensorsIn(state)['episodes']?.at(-1);
    expect(dones.filter((done) => done === 1)).toHaveLength(finished ?? 0);
    expect(finished).toBeGreaterThan(1);
  });

  test('of SAC are actions within ±1, which the environment gets within its bounds', () => {
    const training = start(pendulum({ learning_starts: 100 }, 300));
    while (!training.done) training.advance();
    const kept = tensorsIn(training.snapshot().replay ?? new Uint8Array());
    const actions = kept['actions'] ?? [];
    expect(Math.max(...actions.map(Math.abs))).toBeLessThanOrEqual(1);
    const random = actions.slice(0, 100);
    expect(Math.min(...random)).toBeLessThan(-0.9);
    expect(Math.max(...random)).toBeGreaterThan(0.9);
    rows(kept['observations'], 3).forEach(([cos = 0, sin = 0, speed = 0], i) => {
      const torque = 2 * (actions[i] ?? 0);
      const cost = Math.atan2(sin, cos) ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2;
      expect(kept['rewards']?.[i]).toBeCloseTo(-cost, 4);
    });
  });
});

test('SAC learns its entropy coefficient where that is auto, and keeps it where it is given', () => {
  const last = (entropy_coef: number | 'auto') =>
    advance(start(pendulum({ learning_starts: 4, entropy_coef }, 400)), 20).at(-1) ?? {};
  expect(last('auto')).toMatchObject({
    'train/ent_coef': expect.closeTo(1, 1),
    'train/ent_coef_loss': expect.any(Number),
  });
  expect(last('auto')).not.toMatchObject({ 'train/ent_coef': 1 });
  expect(last(0.3)).toMatchObject({ 'train/ent_coef': expect.closeTo(0.3, 12) });
  expect(last(0.3)).not.toHaveProperty(['train/ent_coef_loss']);
});
