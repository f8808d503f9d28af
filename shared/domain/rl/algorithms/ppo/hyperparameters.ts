import {
  aliased,
  choice,
  flag,
  type HyperparameterValues,
  integer,
  optional,
  real,
  schedule,
  widths,
} from '../hyperparameter.ts';

/** PPO's hyperparameters; Stable-Baselines3's meaning of each, and its defaults but for entropy_coef. */
export const ppoHyperparameters = {
  learning_rate: schedule(3e-4, 1, 'Step size of Adam'),
  n_envs: integer(1, 1, 64, 'Environments that run side by side'),
  n_steps: integer(2048, 1, 65_536, 'Steps of each environment per rollout'),
  batch_size: integer(64, 1, 65_536, 'Samples per gradient step; the last of an epoch may be fewer'),
  n_epochs: integer(10, 1, 100, 'Passes over each rollout'),
  gamma: real(0.99, { from: 0, to: 1 }, 'Discount factor'),
  gae_lambda: real(0.95, { from: 0, to: 1 }, 'Bias–variance trade-off of the advantages (GAE)'),
  clip_range: schedule(0.2, 1, 'How far the policy’s ratio may move in one update'),
  clip_range_vf: optional(schedule(0.2, 1e6, 'The same for the value function, in units of return')),
  value_coef: aliased('vf_coef', real(0.5, { from: 0, to: 100 }, 'Weight of the value loss')),
  entropy_coef: aliased('ent_coef', real(0.01, { from: 0, to: 100 }, 'Weight of the entropy bonus')),
  max_grad_norm: real(0.5, { above: 0, to: 1000 }, 'Largest global norm of the gradient'),
  target_kl: optional(
    real(
      0.01,
      { above: 0, to: 1000 },
      'The update stops when the policy has moved 1.5 times this KL divergence',
    ),
  ),
  normalize_advantage: flag(true, 'Normalise the advantages of each minibatch'),
  norm_obs: flag(false, 'Normalise observations by their running mean and variance'),
  norm_reward: flag(false, 'Scale rewards by the running spread of the return'),
  use_sde: flag(false, 'Noise that depends on the state (gSDE); continuous actions only'),
  sde_sample_freq: integer(-1, -1, 65_536, 'Steps between new noise; −1: once a rollout'),
  log_std_init: real(0, { from: -20, to: 2 }, 'Initial ln of the standard deviation of continuous actions'),
  ortho_init: flag(true, 'Orthogonal initial weights'),
  hidden_sizes: aliased(
    'net_arch',
    widths([64, 64], 'Widths of the hidden layers of policy and value network'),
  ),
  activation: choice(['tanh', 'relu'], 'tanh', 'Activation between the layers'),
} as const;

export type PpoHyperparameters = HyperparameterValues<typeof ppoHyperparameters>;
