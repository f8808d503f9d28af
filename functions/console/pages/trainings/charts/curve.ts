import type { TrainingMetrics } from '#shared/contracts/training.ts';

/** One iteration of a training: what the charts draw at one step. */
export interface Point {
  readonly step: number;
  readonly values: Readonly<Record<Series, number | null>>;
}

/** The sources' names first, then Stable-Baselines3's, under which the same number may come. */
const names = {
  episode_reward: ['episode_reward', 'rollout/ep_rew_mean'],
  episode_length: ['episode_length', 'rollout/ep_len_mean'],
  value_loss: ['value_loss', 'train/value_loss', 'train/critic_loss', 'train/loss'],
  policy_loss: ['policy_loss', 'train/policy_gradient_loss', 'train/actor_loss'],
  entropy: ['entropy'],
  approx_kl: ['approx_kl', 'train/approx_kl'],
  exploration_rate: ['rollout/exploration_rate'],
  ent_coef: ['train/ent_coef'],
  learning_rate: ['learning_rate', 'train/learning_rate'],
  fps: ['fps', 'time/fps'],
} as const;
export type Series = keyof typeof names;
// the object above is closed, so its keys are exactly these
const allSeries = Object.keys(names) as Series[];

type Raw = Readonly<Record<string, number | null>>;

function pointOf(raw: Raw): Point | undefined {
  const step = raw['step'] ?? raw['time/total_timesteps'];
  if (typeof step !== 'number') return undefined;
  const value = (series: Series): number | null => {
    const name = names[series].find((candidate) => candidate in raw);
    return name === undefined ? entropyOf(series, raw) : (raw[name] ?? null);
  };
  // an entry for each name
  return { step, values: Object.fromEntries(allSeries.map((one) => [one, value(one)])) as Point['values'] };
}

/** Stable-Baselines3 logs the entropy as a loss, that is with its sign changed. */
const entropyOf = (series: Series, raw: Raw): number | null => {
  const loss = raw['train/entropy_loss'];
  return series === 'entropy' && typeof loss === 'number' ? -loss : null;
};

/** The points that one event brings, oldest first: the iterations since the event before, and its own. */
export function pointsOf({ metrics, points = [], ...own }: TrainingMetrics): Point[] {
  const last = pointOf({ ...metrics, ...own });
  const earlier = points.map(pointOf).filter((point) => point !== undefined);
  return [...earlier, ...(last ? [last] : [])];
}

/**
 * Adds points to a curve. A worker that took the training up again from a checkpoint repeats steps: what it
 * says replaces what was there from that step on.
 */
export function extend(curve: readonly Point[], added: readonly Point[]): Point[] {
  const grown = [...curve];
  for (const point of added) {
    while ((grown.at(-1)?.step ?? -1) >= point.step) grown.pop();
    grown.push(point);
  }
  return grown;
}
