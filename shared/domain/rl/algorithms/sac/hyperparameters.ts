import {
  aliased,
  flag,
  type HyperparameterValues,
  integer,
  real,
  realOrAuto,
  schedule,
  widths,
} from '../hyperparameter.ts';
import { offPolicyHyperparameters as common } from '../off-policy-hyperparameters.ts';

/** SAC's hyperparameters; Stable-Baselines3's meaning of each, and its defaults. */
export const sacHyperparameters = {
  learning_rate: schedule(3e-4, 1, 'Step size of Adam: of actor, critics and entropy coefficient'),
  n_envs: common.n_envs,
  buffer_size: common.buffer_size,
  learning_starts: common.learning_starts,
  batch_size: integer(256, 1, 65_536, 'Transitions per gradient step'),
  tau: real(0.005, { above: 0, to: 1 }, 'Part of the way that the target critics move per gradient step'),
  gamma: common.gamma,
  train_freq: integer(1, 1, 65_536, 'Steps of each environment between updates'),
  gradient_steps: common.gradient_steps,
  entropy_coef: aliased(
    'ent_coef',
    realOrAuto('auto', { above: 0, to: 100 }, 'Weight of the entropy; auto learns it'),
  ),
  target_entropy: realOrAuto(
    'auto',
    { from: -1000, to: 1000 },
    'Entropy that auto aims at, in nats; auto: minus the number of action components',
  ),
  use_sde: flag(false, 'Noise that depends on the state (gSDE)'),
  sde_sample_freq: integer(-1, -1, 65_536, 'Steps between new noise; −1: once per train_freq'),
  use_sde_at_warmup: flag(false, 'Act with gSDE instead of uniformly before learning_starts'),
  log_std_init: real(-3, { from: -20, to: 2 }, 'Initial ln of the standard deviation of gSDE'),
  hidden_sizes: aliased('net_arch', widths([256, 256], 'Widths of the hidden layers of actor and critics')),
  activation: common.activation,
} as const;

export type SacHyperparameters = HyperparameterValues<typeof sacHyperparameters>;
