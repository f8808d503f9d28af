import type { DqnPreset, Presets } from './presets.ts';

/** One hidden layer is enough over states that are one-hot; chance needs small steps at the end to be averaged out. */
const common = {
  learning_rate: { kind: 'linear', initial: 1e-3 },
  batch_size: 64,
  buffer_size: 100_000,
  learning_starts: 1000,
  target_update_interval: 500,
  train_freq: 4,
  gradient_steps: 1,
  exploration_fraction: 0.8,
  exploration_final_eps: 0.1,
  double_q: true,
  policy_kwargs: { net_arch: [64] },
} as const satisfies Partial<DqnPreset>;

/**
 * Our own hyperparameters for the environments of `toy_text`, for which RL Baselines3 Zoo has none, in the same words;
 * what they reach is in returns.md.
 */
const tuned: Readonly<Record<string, Presets>> = {
  'FrozenLake-v1': { dqn: { ...common, n_timesteps: 100_000, gamma: 0.99 } },
  'FrozenLake8x8-v1': {
    dqn: {
      ...common,
      n_timesteps: 300_000,
      buffer_size: 300_000,
      gamma: 0.995,
      exploration_final_eps: 0.2,
    },
  },
  'CliffWalking-v1': { dqn: { ...common, n_timesteps: 50_000, gamma: 0.99, exploration_fraction: 0.5 } },
  'Taxi-v4': {
    dqn: { ...common, n_timesteps: 200_000, gamma: 0.99, exploration_fraction: 0.5, learning_rate: 1e-3 },
  },
  'Blackjack-v1': { dqn: { ...common, n_timesteps: 200_000, gamma: 1, exploration_final_eps: 0.3 } },
};

/** Our hyperparameters for an environment; empty where the zoo has some, or nobody. */
export function tunedPresets(environmentId: string): Presets {
  return Object.hasOwn(tuned, environmentId) ? (tuned[environmentId] ?? {}) : {};
}
