import { choice, integer, real } from './hyperparameter.ts';

/** What DQN and SAC have in common: both learn from transitions that a replay buffer remembers. */
export const offPolicyHyperparameters = {
  n_envs: integer(1, 1, 64, 'Environments that run side by side'),
  buffer_size: integer(1_000_000, 1, 1_000_000, 'Transitions that are remembered'),
  learning_starts: integer(100, 0, 10_000_000, 'Steps of random actions before the first update'),
  gamma: real(0.99, { from: 0, to: 1 }, 'Discount factor'),
  gradient_steps: integer(
    1,
    -1,
    65_536,
    'Gradient steps per update; −1: as many as environment steps were taken',
  ),
  activation: choice(['tanh', 'relu'], 'relu', 'Activation between the layers'),
} as const;
