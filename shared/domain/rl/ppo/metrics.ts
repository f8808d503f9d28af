/**
 * The metrics of one iteration under Stable-Baselines3's names, with its conventions: `approx_kl`
 * covers the last epoch, `loss` is the last minibatch's, the other losses are means over the whole
 * update, `n_updates` counts epochs, `time/*` count from this process's start of the training. (Its
 * logger shows `train/*` one iteration late; here both halves belong to the same iteration.)
 * A mean of nothing is NaN, such as `ep_rew_mean` before the first episode has ended.
 */
export interface PpoMetrics {
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
  'train/entropy_loss': number;
  'train/policy_gradient_loss': number;
  'train/value_loss': number;
  'train/approx_kl': number;
  'train/clip_fraction': number;
  'train/loss': number;
  'train/explained_variance': number;
  'train/n_updates': number;
  'train/clip_range': number;
  'train/clip_range_vf'?: number;
  'train/learning_rate': number;
}

/** The part of the metrics that a policy update produces. */
export type UpdateMetrics = Omit<PpoMetrics, `rollout/${string}` | `time/${string}` | 'train/n_updates'>;

/** The short form of the metrics that the API's training events carry. */
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
export function summarise(metrics: PpoMetrics): MetricsSummary {
  return {
    step: metrics['time/total_timesteps'],
    episode_reward: metrics['rollout/ep_rew_mean'],
    episode_length: metrics['rollout/ep_len_mean'],
    value_loss: metrics['train/value_loss'],
    policy_loss: metrics['train/policy_gradient_loss'],
    entropy: -metrics['train/entropy_loss'],
    learning_rate: metrics['train/learning_rate'],
    fps: metrics['time/fps'],
  };
}
