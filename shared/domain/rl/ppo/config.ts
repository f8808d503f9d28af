import type { Schedule } from './schedule.ts';

/** PPO's hyperparameters, named as in the API; Stable-Baselines3's meaning of each. */
export interface PpoHyperparameters {
  /** Adam's step size. */
  readonly learning_rate: Schedule;
  /** Environment steps per rollout, hence per iteration. */
  readonly n_steps: number;
  /** Samples per gradient step; the last minibatch of an epoch may be smaller. */
  readonly batch_size: number;
  /** Passes over each rollout. */
  readonly n_epochs: number;
  /** Discount factor. */
  readonly gamma: number;
  /** λ of generalised advantage estimation. */
  readonly gae_lambda: number;
  /** ε of the clipped surrogate objective. */
  readonly clip_range: Schedule;
  /** The same for the value function, in units of return; null for no clipping. */
  readonly clip_range_vf: Schedule | null;
  /** Weight of the value loss (`vf_coef`). */
  readonly value_coef: number;
  /** Weight of the entropy bonus (`ent_coef`). */
  readonly entropy_coef: number;
  /** Largest global norm of the gradient. */
  readonly max_grad_norm: number;
  /** The update stops when the approximate KL divergence passes 1.5 times this; null for never. */
  readonly target_kl: number | null;
  /** Normalise advantages per minibatch. */
  readonly normalize_advantage: boolean;
  /** Widths of the hidden layers, of the actor and of the critic. */
  readonly hidden_sizes: readonly number[];
}

export const ppoDefaults: PpoHyperparameters = {
  learning_rate: 3e-4,
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
  normalize_advantage: true,
  hidden_sizes: [64, 64],
};

/** What to train; everything but the environment has a default. */
export interface PpoTrainingRequest {
  readonly environment: string;
  readonly hyperparameters?: { readonly [K in keyof PpoHyperparameters]?: PpoHyperparameters[K] | undefined };
  /** Environment steps; the run ends at the first rollout boundary at or after it. 100,000 by default. */
  readonly max_steps?: number | undefined;
  /** Steps between evaluations, 10,000 by default. */
  readonly eval_frequency?: number | undefined;
  /** Steps between checkpoints, 50,000 by default. */
  readonly save_frequency?: number | undefined;
}

/** A request with every default filled in. */
export interface PpoTrainingConfig {
  readonly environment: string;
  readonly hyperparameters: PpoHyperparameters;
  readonly max_steps: number;
  readonly eval_frequency: number;
  readonly save_frequency: number;
}

/**
 * Fills in the defaults, in a fixed order of keys.
 * @throws RangeError naming the first value that PPO cannot run with
 */
export function resolvePpoConfig(request: PpoTrainingRequest): PpoTrainingConfig {
  const given = request.hyperparameters ?? {};
  const hyperparameters: PpoHyperparameters = {
    learning_rate: given.learning_rate ?? ppoDefaults.learning_rate,
    n_steps: given.n_steps ?? ppoDefaults.n_steps,
    batch_size: given.batch_size ?? ppoDefaults.batch_size,
    n_epochs: given.n_epochs ?? ppoDefaults.n_epochs,
    gamma: given.gamma ?? ppoDefaults.gamma,
    gae_lambda: given.gae_lambda ?? ppoDefaults.gae_lambda,
    clip_range: given.clip_range ?? ppoDefaults.clip_range,
    clip_range_vf: given.clip_range_vf ?? ppoDefaults.clip_range_vf,
    value_coef: given.value_coef ?? ppoDefaults.value_coef,
    entropy_coef: given.entropy_coef ?? ppoDefaults.entropy_coef,
    max_grad_norm: given.max_grad_norm ?? ppoDefaults.max_grad_norm,
    target_kl: given.target_kl ?? ppoDefaults.target_kl,
    normalize_advantage: given.normalize_advantage ?? ppoDefaults.normalize_advantage,
    hidden_sizes: given.hidden_sizes ?? ppoDefaults.hidden_sizes,
  };
  const config: PpoTrainingConfig = {
    environment: request.environment,
    hyperparameters,
    max_steps: request.max_steps ?? 100_000,
    eval_frequency: request.eval_frequency ?? 10_000,
    save_frequency: request.save_frequency ?? 50_000,
  };
  checkCounts(config);
  return config;
}

function checkCounts(config: PpoTrainingConfig): void {
  const { n_steps, batch_size, n_epochs, hidden_sizes } = config.hyperparameters;
  const { max_steps, eval_frequency, save_frequency } = config;
  const counts = { n_steps, batch_size, n_epochs, max_steps, eval_frequency, save_frequency };
  for (const [name, value] of Object.entries(counts)) requireCount(name, value);
  for (const width of hidden_sizes) requireCount('hidden_sizes', width);
}

function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name} must be a positive integer, not ${value}`);
  }
}
