import { mean } from '../statistics.ts';
import type { TrainingMetrics } from './metrics.ts';

export type DiagnosisCode = 'entropy_collapse' | 'value_function_dead' | 'kl_blowup' | 'value_divergence';

/** A change of a hyperparameter to try. */
export interface Remedy {
  readonly hyperparameter: string;
  readonly change: 'raise' | 'lower' | 'turn_on';
}

/** Something that goes wrong in a training, by its metrics. */
export interface Diagnosis {
  readonly code: DiagnosisCode;
  /** Environment steps at the first iteration of the trouble. */
  readonly since_step: number;
  /** The value of the last iteration that shows it, and what it is a value of. */
  readonly metric: string;
  readonly value: number;
  /** What it means, in a sentence. */
  readonly meaning: string;
  /** The likeliest first. */
  readonly remedies: readonly Remedy[];
}

export interface DiagnosisContext {
  /** Mean return at which the task counts as solved: a policy that solves it may be sure of itself. */
  readonly reward_threshold: number | null;
}

/** Iterations in a row that make a trouble of what could be chance. */
const LONG = 10;
const SHORT = 3;

/**
 * The troubles that a training is in after the last of its iterations, from the metrics of all of them,
 * oldest first. Their thresholds are rules of thumb:
 *
 * - `entropy_collapse`: for 10 iterations the entropy (continuous actions: the standard deviation) is
 *   below 2 % of the first one's, and the return below the task's threshold.
 * - `value_function_dead`: for 10 iterations the explained variance is not above 0, so the critic is no
 *   better than a constant (Schulman, "Nuts and bolts of deep RL research", 2016).
 * - `kl_blowup`: for 3 iterations the approximate KL divergence of an update is above 0.1, or once
 *   above 1, where 0.01 to 0.03 is usual (ibid.).
 * - `value_divergence`: for 10 iterations the loss of DQN's or SAC's critic is above 10⁴ and a hundred
 *   times the median of all before.
 */
export function diagnose(history: readonly TrainingMetrics[], context: DiagnosisContext): Diagnosis[] {
  return [
    entropyCollapse(history, context),
    deadValueFunction(history),
    klBlowup(history),
    valueDivergence(history),
  ].filter((diagnosis) => diagnosis !== null);
}

/** A metric that not every algorithm has. */
function metricOf(metrics: TrainingMetrics | undefined, name: string): number | undefined {
  const values: Readonly<Record<string, number | undefined>> = { ...metrics };
  return values[name];
}

/** The iterations at the end of the history that all show something. */
function lastWhere<T>(items: readonly T[], shows: (item: T) => boolean): T[] {
  return items.slice(items.findLastIndex((item) => !shows(item)) + 1);
}

/** @returns null where it has not lasted */
function lasting(
  rows: readonly TrainingMetrics[],
  atLeast: number,
  metric: string,
  found: Pick<Diagnosis, 'code' | 'meaning' | 'remedies'>,
): Diagnosis | null {
  const [first] = rows;
  if (first === undefined || rows.length < atLeast) return null;
  const value = metricOf(rows.at(-1), metric) ?? Number.NaN;
  return { ...found, since_step: first['time/total_timesteps'], metric, value };
}

function entropyCollapse(
  history: readonly TrainingMetrics[],
  { reward_threshold }: DiagnosisContext,
): Diagnosis | null {
  const [first] = history;
  // A differential entropy may be negative, so it has no 2 %.
  const metric = metricOf(first, 'train/std') === undefined ? 'train/entropy_loss' : 'train/std';
  if (metricOf(first, 'train/approx_kl') === undefined) return null;
  const limit = 0.02 * Math.abs(metricOf(first, metric) ?? 0);
  const rows = lastWhere(
    history,
    (row) =>
      Math.abs(metricOf(row, metric) ?? Number.NaN) < limit &&
      !(reward_threshold !== null && row['rollout/ep_rew_mean'] >= reward_threshold),
  );
  return lasting(rows, LONG, metric, {
    code: 'entropy_collapse',
    meaning: 'The policy has stopped exploring before the task was solved.',
    remedies: [
      { hyperparameter: 'entropy_coef', change: 'raise' },
      { hyperparameter: 'learning_rate', change: 'lower' },
      { hyperparameter: 'clip_range', change: 'lower' },
    ],
  });
}

function deadValueFunction(history: readonly TrainingMetrics[]): Diagnosis | null {
  const metric = 'train/explained_variance';
  const rows = lastWhere(history, (row) => {
    const explained = metricOf(row, metric);
    return explained !== undefined && !(explained > 0);
  });
  return lasting(rows, LONG, metric, {
    code: 'value_function_dead',
    meaning: 'The value function predicts the return no better than a constant.',
    remedies: [
      { hyperparameter: 'norm_reward', change: 'turn_on' },
      { hyperparameter: 'learning_rate', change: 'raise' },
      { hyperparameter: 'n_steps', change: 'raise' },
      { hyperparameter: 'hidden_sizes', change: 'raise' },
    ],
  });
}

function klBlowup(history: readonly TrainingMetrics[]): Diagnosis | null {
  const metric = 'train/approx_kl';
  const last = metricOf(history.at(-1), metric) ?? 0;
  const rows = lastWhere(history, (row) => (metricOf(row, metric) ?? 0) > 0.1);
  return lasting(rows, last > 1 ? 1 : SHORT, metric, {
    code: 'kl_blowup',
    meaning: 'Each update throws the policy far from the one that collected the data.',
    remedies: [
      { hyperparameter: 'learning_rate', change: 'lower' },
      { hyperparameter: 'target_kl', change: 'turn_on' },
      { hyperparameter: 'n_epochs', change: 'lower' },
      { hyperparameter: 'batch_size', change: 'raise' },
    ],
  });
}

function valueDivergence(history: readonly TrainingMetrics[]): Diagnosis | null {
  const [first] = history;
  if (metricOf(first, 'train/approx_kl') !== undefined) return null; // PPO's values have no targets of their own
  const isDqn = metricOf(first, 'train/critic_loss') === undefined;
  const metric = isDqn ? 'train/loss' : 'train/critic_loss';
  const losses = history.map((row) => metricOf(row, metric) ?? Number.NaN);
  const limit = Math.max(1e4, 100 * median(losses.slice(0, -LONG)));
  const recent = history.slice(-LONG);
  const isHigh = (row: TrainingMetrics): boolean => (metricOf(row, metric) ?? 0) > limit;
  return lasting(lastWhere(recent, isHigh), LONG, metric, {
    code: 'value_divergence',
    meaning: 'The estimated values grow without bound, feeding on themselves.',
    remedies: [
      { hyperparameter: 'learning_rate', change: 'lower' },
      { hyperparameter: 'gamma', change: 'lower' },
      // What slows the targets down: DQN copies its target network, SAC blends it.
      isDqn
        ? { hyperparameter: 'target_update_interval', change: 'raise' }
        : { hyperparameter: 'tau', change: 'lower' },
    ],
  });
}

/** 0 of nothing; what is not a number does not count. */
function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return 0;
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : mean(sorted.slice(half - 1, half + 1));
}
