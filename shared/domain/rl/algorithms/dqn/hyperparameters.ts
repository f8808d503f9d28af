import {
  aliased,
  flag,
  type HyperparameterValues,
  integer,
  real,
  schedule,
  widths,
} from '../hyperparameter.ts';
import { offPolicyHyperparameters as common } from '../off-policy-hyperparameters.ts';

/** DQN's hyperparameters; Stable-Baselines3's meaning of each, and its defaults. */
export const dqnHyperparameters = {
  learning_rate: schedule(1e-4, 1, 'Step size of Adam'),
  n_envs: common.n_envs,
  buffer_size: common.buffer_size,
  learning_starts: common.learning_starts,
  batch_size: integer(32, 1, 65_536, 'Transitions per gradient step'),
  gamma: common.gamma,
  train_freq: integer(4, 1, 65_536, 'Steps of each environment between updates'),
  gradient_steps: common.gradient_steps,
  target_update_interval: integer(10_000, 1, 10_000_000, 'Steps between copies to the target network'),
  exploration_fraction: real(0.1, { from: 0, to: 1 }, 'Part of the training over which ε falls'),
  exploration_initial_eps: real(1, { from: 0, to: 1 }, 'ε at the start: the probability of a random action'),
  exploration_final_eps: real(0.05, { from: 0, to: 1 }, 'ε at the end of the exploration'),
  max_grad_norm: real(10, { above: 0, to: 1000 }, 'Largest global norm of the gradient'),
  double_q: flag(
    false,
    'Double DQN: the online network chooses the next action, the target network values it',
  ),
  hidden_sizes: aliased('net_arch', widths([64, 64], 'Widths of the hidden layers')),
  activation: common.activation,
} as const;

export type DqnHyperparameters = HyperparameterValues<typeof dqnHyperparameters>;
