/**
 * The tuned hyperparameters of RL Baselines3 Zoo (DLR-RM/rl-baselines3-zoo at 22e3ff24,
 * hyperparams/{ppo,dqn,sac}.yml), as data: Stable-Baselines3's names, and only what the zoo sets; what is
 * missing is Stable-Baselines3's default. The zoo has none for the environments of `toy_text`.
 */

/** The zoo's `lin_<initial>`: falls linearly from `initial` to 0 over the training. */
export interface LinearPreset {
  readonly kind: 'linear';
  readonly initial: number;
}

export interface PolicyKwargs {
  readonly net_arch?: readonly number[];
  readonly log_std_init?: number;
  /** Orthogonal initial weights, PPO's default. */
  readonly ortho_init?: boolean;
}

interface CommonPreset {
  readonly n_timesteps: number;
  readonly gamma?: number;
  readonly batch_size?: number;
  readonly learning_rate?: number | LinearPreset;
  readonly use_sde?: boolean;
  /** Steps between new noise; -1, the default: once a rollout. */
  readonly sde_sample_freq?: number;
  readonly policy_kwargs?: PolicyKwargs;
}

export interface PpoPreset extends CommonPreset {
  readonly n_envs: number;
  readonly n_steps: number;
  readonly gae_lambda?: number;
  readonly n_epochs?: number;
  readonly ent_coef?: number;
  readonly vf_coef?: number;
  readonly max_grad_norm?: number;
  readonly clip_range?: number | LinearPreset;
  /** Running normalisation of observations and rewards (VecNormalize, with this preset's gamma). */
  readonly normalize?: boolean;
}

interface OffPolicyPreset extends CommonPreset {
  readonly buffer_size?: number;
  readonly learning_starts?: number;
  /** Environment steps between updates. */
  readonly train_freq?: number;
  /** Gradient steps per update; -1: as many as environment steps were taken. */
  readonly gradient_steps?: number;
}

export interface DqnPreset extends OffPolicyPreset {
  readonly target_update_interval?: number;
  readonly exploration_fraction?: number;
  readonly exploration_final_eps?: number;
  /** Not in the zoo: Stable-Baselines3 has no double DQN. */
  readonly double_q?: boolean;
}

export interface SacPreset extends OffPolicyPreset {
  readonly tau?: number;
  /** `auto`, the default, learns it. */
  readonly ent_coef?: number | 'auto';
}

/** Tuned values for one environment. */
export interface Presets {
  readonly ppo?: PpoPreset;
  readonly dqn?: DqnPreset;
  readonly sac?: SacPreset;
}

const linear = (initial: number): LinearPreset => ({ kind: 'linear', initial });

const zoo: Readonly<Record<string, Presets>> = {
  'CartPole-v1': {
    ppo: {
      n_timesteps: 1e5,
      n_envs: 8,
      n_steps: 32,
      batch_size: 256,
      gamma: 0.98,
      gae_lambda: 0.8,
      n_epochs: 20,
      ent_coef: 0,
      learning_rate: linear(0.001),
      clip_range: linear(0.2),
    },
    dqn: {
      n_timesteps: 5e4,
      learning_rate: 2.3e-3,
      batch_size: 64,
      buffer_size: 100_000,
      learning_starts: 1000,
      gamma: 0.99,
      target_update_interval: 10,
      train_freq: 256,
      gradient_steps: 128,
      exploration_fraction: 0.16,
      exploration_final_eps: 0.04,
      policy_kwargs: { net_arch: [256, 256] },
    },
  },
  'Acrobot-v1': {
    ppo: {
      n_timesteps: 1e6,
      normalize: true,
      n_envs: 16,
      n_steps: 256,
      gamma: 0.99,
      gae_lambda: 0.94,
      n_epochs: 4,
      ent_coef: 0,
    },
    dqn: {
      n_timesteps: 1e5,
      learning_rate: 6.3e-4,
      batch_size: 128,
      buffer_size: 50_000,
      learning_starts: 0,
      gamma: 0.99,
      target_update_interval: 250,
      train_freq: 4,
      gradient_steps: -1,
      exploration_fraction: 0.12,
      exploration_final_eps: 0.1,
      policy_kwargs: { net_arch: [256, 256] },
    },
  },
  'MountainCar-v0': {
    ppo: {
      n_timesteps: 1e6,
      normalize: true,
      n_envs: 16,
      n_steps: 16,
      gamma: 0.99,
      gae_lambda: 0.98,
      n_epochs: 4,
      ent_coef: 0,
    },
    dqn: {
      n_timesteps: 1.2e5,
      learning_rate: 4e-3,
      batch_size: 128,
      buffer_size: 10_000,
      learning_starts: 1000,
      gamma: 0.98,
      target_update_interval: 600,
      train_freq: 16,
      gradient_steps: 8,
      exploration_fraction: 0.2,
      exploration_final_eps: 0.07,
      policy_kwargs: { net_arch: [256, 256] },
    },
  },
  'MountainCarContinuous-v0': {
    ppo: {
      n_timesteps: 20_000,
      normalize: true,
      n_envs: 1,
      n_steps: 8,
      batch_size: 256,
      gamma: 0.9999,
      gae_lambda: 0.9,
      n_epochs: 10,
      ent_coef: 0.00429,
      vf_coef: 0.19,
      max_grad_norm: 5,
      learning_rate: 7.77e-5,
      clip_range: 0.1,
      use_sde: true,
      policy_kwargs: { log_std_init: -3.29, ortho_init: false },
    },
    sac: {
      n_timesteps: 50_000,
      learning_rate: 3e-4,
      buffer_size: 50_000,
      batch_size: 512,
      ent_coef: 0.1,
      train_freq: 32,
      gradient_steps: 32,
      gamma: 0.9999,
      tau: 0.01,
      learning_starts: 0,
      use_sde: true,
      policy_kwargs: { log_std_init: -3.67, net_arch: [64, 64] },
    },
  },
  'Pendulum-v1': {
    ppo: {
      n_timesteps: 1e5,
      n_envs: 4,
      n_steps: 1024,
      gamma: 0.9,
      gae_lambda: 0.95,
      n_epochs: 10,
      ent_coef: 0,
      learning_rate: 1e-3,
      clip_range: 0.2,
      use_sde: true,
      sde_sample_freq: 4,
    },
    sac: { n_timesteps: 20_000, learning_rate: 1e-3 },
  },
};

/** The zoo's hyperparameters for an environment; empty where it has none. */
export function zooPresets(environmentId: string): Presets {
  return Object.hasOwn(zoo, environmentId) ? (zoo[environmentId] ?? {}) : {};
}
