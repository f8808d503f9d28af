/**
 * The metrics of one iteration under Stable-Baselines3's names. `time/*` count from this process's
 * start of the training. (Its logger shows `train/*` one iteration late; here both halves belong to the
 * same iteration.) A mean of nothing is NaN, such as `ep_rew_mean` before the first episode has ended.
 * `rollout/success_rate` does not occur: no environment here reports `is_success`.
 */
export interface RunMetrics {
  /** Mean undiscounted return of the last 100 training episodes. */
  'rollout/ep_rew_mean': number;
  /** Mean length of the last 100 training episodes, in steps. */
  'rollout/ep_len_mean': number;
  'time/iterations': number;
  /** Environment steps per second. */
  'time/fps': number;
  /** Seconds. */
  'time/time_elapsed': number;
  'time/total_timesteps': number;
}

/**
 * PPO's update, with Stable-Baselines3's conventions: `approx_kl` covers the last epoch, `loss` is the
 * last minibatch's, the other losses are means over the whole update, `n_updates` counts epochs.
 */
export interface PpoUpdateMetrics {
  'train/entropy_loss': number;
  'train/policy_gradient_loss': number;
  'train/value_loss': number;
  'train/approx_kl': number;
  'train/clip_fraction': number;
  'train/loss': number;
  'train/explained_variance': number;
  /** Epochs since the start of the training. */
  'train/n_updates': number;
  'train/clip_range': number;
  'train/clip_range_vf'?: number;
  'train/learning_rate': number;
  /** Mean standard deviation of continuous actions (with gSDE: of the noise's weights). */
  'train/std'?: number;
}

/**
 * The updates of an off-policy iteration: losses are means over its gradient steps, and NaN before the
 * first (Stable-Baselines3 logs the mean over the last call of `train`).
 */
interface OffPolicyMetrics {
  /** Episodes finished since the start of the training. */
  'time/episodes': number;
  /** Gradient steps since the start of the training. */
  'train/n_updates': number;
  'train/learning_rate': number;
}

export interface DqnUpdateMetrics extends OffPolicyMetrics {
  /** ε of the last step. */
  'rollout/exploration_rate': number;
  'train/loss': number;
}

export interface SacUpdateMetrics extends OffPolicyMetrics {
  'train/actor_loss': number;
  'train/critic_loss': number;
  /** α, the weight of the entropy. */
  'train/ent_coef': number;
  /** Only where α is learnt. */
  'train/ent_coef_loss'?: number;
  /** Mean of ln π(a|s): minus the entropy, before the squashing's bounds make it a differential one. */
  'train/entropy_loss': number;
}

export type PpoMetrics = RunMetrics & PpoUpdateMetrics;
export type DqnMetrics = RunMetrics & DqnUpdateMetrics;
export type SacMetrics = RunMetrics & SacUpdateMetrics;
export type TrainingMetrics = PpoMetrics | DqnMetrics | SacMetrics;

/** The short form of the metrics that the API's training events carry; NaN where an algorithm has none. */
export interface MetricsSummary {
  readonly step: number;
  readonly episode_reward: number;
  readonly episode_length: number;
  readonly value_loss: number;
  readonly policy_loss: number;
  /** Mean entropy of the policy, in nats. */
  readonly entropy: number;
  readonly learning_rate: number;
  readonly fps: number;
}

/** Projects an iteration's metrics to their short form. */
export function summarise(metrics: TrainingMetrics): MetricsSummary {
  return {
    step: metrics['time/total_timesteps'],
    episode_reward: metrics['rollout/ep_rew_mean'],
    episode_length: metrics['rollout/ep_len_mean'],
    ...losses(metrics),
    learning_rate: metrics['train/learning_rate'],
    fps: metrics['time/fps'],
  };
}

function losses(metrics: TrainingMetrics): Pick<MetricsSummary, 'value_loss' | 'policy_loss' | 'entropy'> {
  if ('train/value_loss' in metrics) {
    return {
      value_loss: metrics['train/value_loss'],
      policy_loss: metrics['train/policy_gradient_loss'],
      entropy: -metrics['train/entropy_loss'],
    };
  }
  if ('train/critic_loss' in metrics) {
    return {
      value_loss: metrics['train/critic_loss'],
      policy_loss: metrics['train/actor_loss'],
      entropy: -metrics['train/entropy_loss'],
    };
  }
  return { value_loss: metrics['train/loss'], policy_loss: Number.NaN, entropy: Number.NaN };
}
