import { describe, expect, test } from 'vitest';
import {
  describeEnvironments,
  hyperparametersOf,
  InvalidTrainingConfig,
  resolveTrainingConfig,
  type TrainingRequest,
} from '#shared/domain/rl/index.ts';
import { smallTrainings, start } from './algorithms.ts';

const request = (change: Partial<TrainingRequest> = {}): TrainingRequest => ({
  algorithm: 'ppo',
  environment: 'CartPole-v1',
  ...change,
});

/** `field rule` of everything that is wrong with it. */
function complaints(change: Partial<TrainingRequest>): string[] {
  try {
    resolveTrainingConfig(request(change));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidTrainingConfig)) throw error;
    return error.issues.map(({ field, rule }) => `${field} ${rule}`);
  }
}

const given = (hyperparameters: Record<string, unknown>, algorithm = 'ppo', environment = 'CartPole-v1') => ({
  algorithm,
  environment,
  hyperparameters,
});

describe('defaults', () => {
  test('of PPO are the specification’s, which but for entropy_coef are Stable-Baselines3’s', () => {
    expect(resolveTrainingConfig(request())).toMatchObject({
      algorithm: 'ppo',
      env_kwargs: {},
      max_steps: 100_000,
      eval_frequency: 10_000,
      save_frequency: 50_000,
      engine: 'fast',
      hyperparameters: {
        learning_rate: 3e-4,
        n_envs: 1,
        n_steps: 2048,
        batch_size: 64,
        n_epochs: 10,
        gamma: 0.99,
        gae_lambda: 0.95,
        clip_range: 0.2,
        clip_range_vf: null,
        value_coef: 0.5,
        entropy_coef: 0.01,
        max_grad_norm: 0.5,
        target_kl: null,
        hidden_sizes: [64, 64],
        activation: 'tanh',
      },
    });
  });

  test('of DQN and SAC are Stable-Baselines3’s', () => {
    expect(resolveTrainingConfig(request({ algorithm: 'dqn' })).hyperparameters).toMatchObject({
      learning_rate: 1e-4,
      buffer_size: 1_000_000,
      learning_starts: 100,
      batch_size: 32,
      train_freq: 4,
      gradient_steps: 1,
      target_update_interval: 10_000,
      exploration_fraction: 0.1,
      exploration_final_eps: 0.05,
      max_grad_norm: 10,
      hidden_sizes: [64, 64],
    });
    const sac = resolveTrainingConfig(request({ algorithm: 'sac', environment: 'Pendulum-v1' }));
    expect(sac.hyperparameters).toMatchObject({
      learning_rate: 3e-4,
      batch_size: 256,
      tau: 0.005,
      train_freq: 1,
      gradient_steps: 1,
      entropy_coef: 'auto',
      target_entropy: 'auto',
      hidden_sizes: [256, 256],
    });
  });

  test('a resolved configuration resolves to itself, key by key', () => {
    for (const { config } of smallTrainings) {
      const resolved = resolveTrainingConfig(config);
      expect(JSON.stringify(resolveTrainingConfig(resolved))).toBe(JSON.stringify(resolved));
    }
  });
});

describe('names', () => {
  test('Stable-Baselines3’s are taken for ours', () => {
    const { hyperparameters } = resolveTrainingConfig(given({ vf_coef: 0.25, ent_coef: 0, net_arch: [32] }));
    expect(hyperparameters).toMatchObject({ value_coef: 0.25, entropy_coef: 0, hidden_sizes: [32] });
    expect(
      resolveTrainingConfig(given({ ent_coef: 0.2 }, 'sac', 'Pendulum-v1')).hyperparameters,
    ).toMatchObject({
      entropy_coef: 0.2,
    });
  });

  test.each([
    [{ vf_coef: 0.5, value_coef: 0.5 }, /^hyperparameters.vf_coef is the same as value_coef; give one$/],
    [{ momentum: 1 }, /^hyperparameters.momentum does not exist; ppo has: learning_rate, /],
    [{ tau: 0.01 }, /^hyperparameters.tau belongs to sac, not to ppo$/],
    [{ buffer_size: 10 }, /^hyperparameters.buffer_size belongs to dqn and sac, not to ppo$/],
    [{ exploration_fraction: 0.1 }, /^hyperparameters.exploration_fraction belongs to dqn, not to ppo$/],
  ])('%o is refused with the reason', (hyperparameters, reason) => {
    const found = complaints({ hyperparameters });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(reason);
  });

  test('SAC has no clip_range, DQN no entropy coefficient', () => {
    expect(complaints(given({ clip_range: 0.2 }, 'sac', 'Pendulum-v1'))).toEqual([
      'hyperparameters.clip_range belongs to ppo, not to sac',
    ]);
    expect(complaints(given({ entropy_coef: 0.1 }, 'dqn'))).toEqual([
      'hyperparameters.entropy_coef belongs to ppo and sac, not to dqn',
    ]);
  });
});

describe('values', () => {
  test.each([
    [
      { learning_rate: 0 },
      'learning_rate must be a number above 0 and at most 1, or {schedule: "linear", start, end}',
    ],
    [{ learning_rate: Number.NaN }, 'learning_rate must be a number above 0'],
    [{ learning_rate: { schedule: 'cosine', start: 1, end: 0 } }, 'learning_rate must be a number above 0'],
    [{ learning_rate: { schedule: 'linear', start: 0, end: 0 } }, 'learning_rate must be a number above 0'],
    [{ learning_rate: { schedule: 'linear', start: 1, end: 0, more: 1 } }, 'learning_rate must be'],
    [{ n_steps: 0 }, 'n_steps must be an integer from 1 to 65536'],
    [{ n_steps: 1.5 }, 'n_steps must be an integer'],
    [{ n_steps: '64' }, 'n_steps must be an integer'],
    [{ batch_size: 4096 }, 'batch_size must be at most n_steps · n_envs, which is 2048'],
    [{ n_steps: 8, n_envs: 4, batch_size: 33 }, 'batch_size must be at most n_steps · n_envs, which is 32'],
    [{ n_steps: 65_536, n_envs: 64 }, 'n_steps times n_envs must be at most 262144'],
    [{ gamma: 1.01 }, 'gamma must be a number from 0 to 1'],
    [{ target_kl: 0 }, 'target_kl must be a number above 0'],
    [{ normalize_advantage: 1 }, 'normalize_advantage must be true or false'],
    [{ hidden_sizes: [] }, 'hidden_sizes must be 1 to 4 integers from 1 to 512'],
    [{ hidden_sizes: [64, 0] }, 'hidden_sizes must be 1 to 4 integers'],
    [{ hidden_sizes: 64 }, 'hidden_sizes must be 1 to 4 integers'],
    [{ activation: 'selu' }, 'activation must be one of: tanh, relu'],
    [{ sde_sample_freq: 0 }, 'sde_sample_freq must be −1 or at least 1'],
    [{ use_sde: true }, 'use_sde needs continuous actions, and those of CartPole-v1 are discrete'],
  ])('%o is refused by name and rule', (hyperparameters, rule) => {
    const found = complaints({ hyperparameters });
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(`hyperparameters.${rule}`), found[0]).toBe(true);
  });

  test.each([
    [{ max_steps: 1e9 }, 'max_steps must be an integer from 1 to 10000000'],
    [{ max_steps: 0 }, 'max_steps must be an integer from 1 to 10000000'],
    [{ eval_frequency: 0.5 }, 'eval_frequency must be an integer from 1 to 10000000'],
    [{ algorithm: 'a2c' }, 'algorithm must be one of: ppo, dqn, sac'],
    [{ engine: 'gpu' }, 'engine must be one of: reference, fast'],
    [{ environment: 'Pong' }, 'environment there is no environment "Pong"; there are: CartPole-v1'],
    [{ env_kwargs: { gravity: 1 } }, 'env_kwargs.gravity does not exist'],
    [{ algorithm: 'sac' }, 'algorithm sac needs continuous actions, and those of CartPole-v1 are discrete'],
    [
      { algorithm: 'dqn', environment: 'Pendulum-v1' },
      'algorithm dqn needs discrete actions, and those of Pendulum-v1 are continuous',
    ],
    [
      { environment: 'Taxi-v4', hyperparameters: { norm_obs: true } },
      'hyperparameters.norm_obs needs real observations, and those of Taxi-v4 are discrete',
    ],
    [given({ gradient_steps: 0 }, 'dqn'), 'hyperparameters.gradient_steps must be −1 or at least 1'],
    [given({ n_envs: 8, buffer_size: 4 }, 'dqn'), 'hyperparameters.buffer_size must be at least n_envs'],
    [
      given({ entropy_coef: 'none' }, 'sac', 'Pendulum-v1'),
      'hyperparameters.entropy_coef must be "auto" or a number',
    ],
  ])('%o is refused by field and rule', (change, rule) => {
    const found = complaints(change);
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(rule), found[0]).toBe(true);
  });

  test('everything that is wrong is told at once', () => {
    expect(complaints({ max_steps: -1, engine: 'gpu', hyperparameters: { tau: 1, gamma: 2 } })).toHaveLength(
      4,
    );
  });
});

describe('presets', () => {
  test('lie between the defaults and what was given', () => {
    const zoo = resolveTrainingConfig({
      algorithm: 'ppo',
      environment: 'CartPole-v1',
      preset: 'zoo',
      hyperparameters: { gamma: 0.5 },
    });
    expect(zoo).toMatchObject({
      max_steps: 100_000,
      hyperparameters: {
        n_envs: 8,
        n_steps: 32,
        batch_size: 256,
        gamma: 0.5,
        gae_lambda: 0.8,
        entropy_coef: 0,
        learning_rate: { schedule: 'linear', start: 0.001, end: 0 },
        clip_range: { schedule: 'linear', start: 0.2, end: 0 },
        max_grad_norm: 0.5,
      },
    });
    expect(resolveTrainingConfig({ ...zoo, preset: 'zoo', max_steps: 5 }).max_steps).toBe(5);
  });

  test('all of them make a training', () => {
    const all = describeEnvironments().flatMap(({ id: environment, preset, presets }) =>
      Object.keys(presets).map((algorithm) => ({ algorithm, environment, preset })),
    );
    expect(all.filter(({ preset }) => preset === 'zoo')).toHaveLength(10);
    expect(all.filter(({ preset }) => preset === 'tuned')).toHaveLength(5);
    for (const preset of all) {
      const training = start(preset);
      const { hyperparameters, max_steps } = training.config;
      expect(max_steps).toBeGreaterThanOrEqual(20_000);
      expect(Object.keys(hyperparameters)).toEqual(Object.keys(hyperparametersOf[training.config.algorithm]));
    }
  });

  test('normalise where the zoo does, and know its gSDE', () => {
    const resolve = (algorithm: string, environment: string) =>
      resolveTrainingConfig({ algorithm, environment, preset: 'zoo' }).hyperparameters;
    expect(resolve('ppo', 'MountainCarContinuous-v0')).toMatchObject({
      norm_obs: true,
      norm_reward: true,
      use_sde: true,
      log_std_init: -3.29,
      ortho_init: false,
      batch_size: 8, // the zoo’s 256 are more than its rollout of 8
    });
    expect(resolve('sac', 'MountainCarContinuous-v0')).toMatchObject({
      use_sde: true,
      log_std_init: -3.67,
      hidden_sizes: [64, 64],
      entropy_coef: 0.1,
    });
  });

  test('are refused where there are none', () => {
    expect(complaints({ preset: 'zoo', environment: 'Taxi-v4' })).toEqual([
      'preset "zoo" has no ppo for Taxi-v4',
    ]);
    expect(complaints({ preset: 'tuned', environment: 'CartPole-v1' })).toEqual([
      'preset "tuned" has no ppo for CartPole-v1',
    ]);
    expect(complaints({ preset: 'best' })).toEqual(['preset must be "zoo", "tuned" or absent']);
  });
});

test('what a form needs is pure data', () => {
  for (const schema of Object.values(hyperparametersOf)) {
    for (const [name, { form }] of Object.entries(schema)) {
      expect(JSON.parse(JSON.stringify(form)), name).toEqual(form);
      expect(form.description.length, name).toBeGreaterThan(10);
    }
  }
});
