import { mean } from '../statistics.ts';
import type { DqnMetrics, PpoMetrics, SacMetrics } from './metrics.ts';

/**
 * The metrics of an iteration, of whichever algorithm; null stands for what is not finite, so that a row that was
 * written as JSON and read again shows what it showed before.
 */
export type MetricsRow = {
  readonly [name in keyof PpoMetrics | keyof DqnMetrics | keyof SacMetrics]?: number | null;
};

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
 *   times the median of all before, which are 10 at least.
 */
export function diagnose(history: readonly MetricsRow[], context: DiagnosisContext): Diagnosis[] {
  return [
    entropyCollapse(history, context),
    deadValueFunction(history),
    klBlowup(history),
    valueDivergence(history),
  ].filter((diagnosis) => diagnosis !== null);
}

/** NaN where an iteration has no such metric, or none that is finite. */
const numberIn = (row: MetricsRow | undefined, name: keyof MetricsRow): number => row?.[name] ?? Number.NaN;

/** The iterations at the end of the history that all show something. */
function lastWhere<T>(items: readonly T[], shows: (item: T) => boolean): T[] {
  return items.slice(items.findLastIndex((item) => !shows(item)) + 1);
}

/** @returns null where it has not lasted */
function lasting(
  rows: readonly MetricsRow[],
  atLeast: number,
  metric: keyof MetricsRow,
  found: Pick<Diagnosis, 'code' | 'meaning' | 'remedies'>,
): Diagnosis | null {
  const [first] = rows;
  if (first === undefined || rows.length < atLeast) return null;
  const since_step = first['time/total_timesteps'] ?? 0;
  return { ...found, since_step, metric, value: numberIn(rows.at(-1), metric) };
}

function entropyCollapse(
  history: readonly MetricsRow[],
  { reward_threshold }: DiagnosisContext,
): Diagnosis | null {
  const [first] = history;
  // A differential entropy may be negative, so it has no 2 %.
  const metric = first?.['train/std'] === undefined ? 'train/entropy_loss' : 'train/std';
  if (first?.['train/approx_kl'] === undefined) return null;
  const limit = 0.02 * Math.abs(first[metric] ?? 0);
  const rows = lastWhere(
    history,
    (row) =>
      Math.abs(numberIn(row, metric)) < limit &&
      !(reward_threshold !== null && numberIn(row, 'rollout/ep_rew_mean') >= reward_threshold),
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

function deadValueFunction(history: readonly MetricsRow[]): Diagnosis | null {
  const metric = 'train/explained_variance';
  const rows = lastWhere(history, (row) => row[metric] !== undefined && !(numberIn(row, metric) > 0));
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

function klBlowup(history: readonly MetricsRow[]): Diagnosis | null {
  const metric = 'train/approx_kl';
  // No KL divergence is NaN where the loss is a number: what is not finite is beyond every number.
  const klOf = (row: MetricsRow | undefined): number => row?.[metric] ?? Number.POSITIVE_INFINITY;
  const isBeyond = (row: MetricsRow | undefined, limit: number): boolean =>
    row?.[metric] !== undefined && klOf(row) > limit;
  const rows = lastWhere(history, (row) => isBeyond(row, 0.1));
  return lasting(rows, isBeyond(history.at(-1), 1) ? 1 : SHORT, metric, {
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

function valueDivergence(history: readonly MetricsRow[]): Diagnosis | null {
  const [first] = history;
  if (first?.['train/approx_kl'] !== undefined) return null; // PPO's values have no targets of their own
  const isDqn = first?.['train/critic_loss'] === undefined;
  const metric = isDqn ? 'train/loss' : 'train/critic_loss';
  const recent = history.slice(-LONG);
  // The median costs a sort: only what is high at all is compared with it.
  if (!recent.every((row) => numberIn(row, metric) > 1e4)) return null;
  const before = history.slice(0, -LONG).map((row) => numberIn(row, metric));
  const known = before.filter((loss) => !Number.isNaN(loss));
  if (known.length < LONG) return null;
  const limit = 100 * median(known);
  return lasting(
    lastWhere(recent, (row) => numberIn(row, metric) > limit),
    LONG,
    metric,
    {
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
    },
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : mean(sorted.slice(half - 1, half + 1));
}
