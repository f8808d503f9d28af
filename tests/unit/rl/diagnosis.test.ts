import { describe, expect, test } from 'vitest';
import {
  type DqnMetrics,
  diagnose,
  hyperparametersOf,
  type PpoMetrics,
  type SacMetrics,
} from '#shared/domain/rl/index.ts';
import { healthyUpdates } from '#tests/support/healthy-metrics.ts';

const run = (step: number) => ({
  'rollout/ep_rew_mean': 20,
  'rollout/ep_len_mean': 20,
  'time/iterations': step / 100,
  'time/fps': 1,
  'time/time_elapsed': 1,
  'time/total_timesteps': step,
  'train/n_updates': step,
  'train/learning_rate': 1e-3,
});

const ppo = (step: number, change: Partial<PpoMetrics> = {}): PpoMetrics => ({
  ...run(step),
  ...healthyUpdates,
  ...change,
});

const dqn = (step: number, loss: number): DqnMetrics => ({
  ...run(step),
  'rollout/exploration_rate': 0.1,
  'time/episodes': 1,
  'train/loss': loss,
});

const sac = (step: number, loss: number): SacMetrics => ({
  ...run(step),
  'time/episodes': 1,
  'train/actor_loss': 0,
  'train/critic_loss': loss,
  'train/ent_coef': 0.1,
  'train/entropy_loss': 0,
});

/** `good` healthy iterations, then `bad` with the change. */
const history = (good: number, bad: number, change: Partial<PpoMetrics>): PpoMetrics[] =>
  Array.from({ length: good + bad }, (_, i) => ppo(100 * (i + 1), i < good ? {} : change));

const unsolved = { reward_threshold: 475 };
const codes = (rows: Parameters<typeof diagnose>[0], context = unsolved) =>
  diagnose(rows, context).map(({ code, since_step }) => [code, since_step]);

test('a healthy training, and one that has only begun, have nothing', () => {
  expect(codes([])).toEqual([]);
  expect(codes(history(30, 0, {}))).toEqual([]);
  expect(codes([ppo(100, { 'train/explained_variance': Number.NaN })])).toEqual([]);
});

describe('entropy', () => {
  const collapsed = { 'train/entropy_loss': -0.001 };
  test('that has gone for ten iterations is a collapse, from its first on', () => {
    expect(codes(history(5, 9, collapsed))).toEqual([]);
    expect(codes(history(5, 10, collapsed))).toEqual([['entropy_collapse', 600]]);
  });
  test('may go when the task is solved', () => {
    expect(codes(history(5, 12, { ...collapsed, 'rollout/ep_rew_mean': 500 }))).toEqual([]);
  });
  test('of continuous actions is told by their standard deviation', () => {
    const rows = (last: number) =>
      Array.from({ length: 20 }, (_, i) =>
        ppo(100 * (i + 1), { 'train/std': i < 5 ? 1 : last, 'train/entropy_loss': i < 5 ? -1.4 : 3 }),
      );
    expect(codes(rows(0.01))).toEqual([['entropy_collapse', 600]]);
    expect(codes(rows(0.5))).toEqual([]);
  });
});

test('a value function that explains nothing for ten iterations is dead; one good iteration revives it', () => {
  const dead = history(3, 10, { 'train/explained_variance': -0.01 });
  expect(codes(dead)).toEqual([['value_function_dead', 400]]);
  expect(codes([...dead, ppo(1400)])).toEqual([]);
  expect(codes(history(3, 10, { 'train/explained_variance': Number.NaN }))).toHaveLength(1);
});

test('the KL divergence blows up in three iterations, or at once', () => {
  expect(codes(history(3, 2, { 'train/approx_kl': 0.2 }))).toEqual([]);
  expect(codes(history(3, 3, { 'train/approx_kl': 0.2 }))).toEqual([['kl_blowup', 400]]);
  const [found] = diagnose(history(3, 1, { 'train/approx_kl': 2 }), unsolved);
  expect(found).toMatchObject({ code: 'kl_blowup', metric: 'train/approx_kl', value: 2 });
});

test('a critic’s loss that has grown a hundredfold beyond ten thousand diverges', () => {
  const rows = (last: number) => Array.from({ length: 30 }, (_, i) => (i < 20 ? 5 : last));
  expect(codes(rows(2e4).map((loss, i) => dqn(100 * i, loss)))).toEqual([['value_divergence', 2000]]);
  expect(codes(rows(2e4).map((loss, i) => sac(100 * i, loss)))).toEqual([['value_divergence', 2000]]);
  expect(codes(rows(4000).map((loss, i) => dqn(100 * i, loss)))).toEqual([]);
  expect(codes(Array.from({ length: 30 }, (_, i) => dqn(100 * i, 2e4)))).toEqual([]);
});

test('every remedy is a hyperparameter of the algorithm', () => {
  const troubled = history(3, 12, {
    'train/entropy_loss': 0,
    'train/approx_kl': 3,
    'train/explained_variance': 0,
  });
  const found = diagnose(troubled, unsolved);
  expect(found).toHaveLength(3);
  const grown = (make: typeof dqn | typeof sac) =>
    diagnose(
      Array.from({ length: 30 }, (_, i) => make(100 * i, i < 20 ? 1 : 1e6)),
      unsolved,
    );
  for (const [algorithm, diagnoses] of [
    ['ppo', found],
    ['dqn', grown(dqn)],
    ['sac', grown(sac)],
  ] as const) {
    for (const { remedies, meaning } of diagnoses) {
      expect(meaning).toMatch(/\.$/);
      for (const { hyperparameter } of remedies) {
        expect(Object.keys(hyperparametersOf[algorithm])).toContain(hyperparameter);
      }
    }
  }
});
