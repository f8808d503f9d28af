import type { TrainingEvaluated, TrainingMetrics } from '#shared/contracts/training.ts';
import {
  type TrainingMetrics as IterationMetrics,
  summarise,
  type TrainingEvaluation,
} from '#shared/domain/rl/index.ts';

type Point = Record<string, number | null>;

/**
 * What the table holds of a number: neither 1e-130 nor more than 2⁵³, which a training reaches when it collapses or
 * diverges.
 */
function finite(value: number): number | null {
  if (!(Math.abs(value) <= 1e15)) return null;
  return Math.abs(value) < 1e-100 ? 0 : value;
}
const numbersOf = (values: object, kept: (value: number) => number | null): Point =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, kept(value)]] : [],
    ),
  );
const finiteAll = (values: object): Point => numbersOf(values, finite);

/** An event stays within 4 KB: this many points of nine short numbers, and the newest in full. */
const maxPoints = 12;

/** Six digits are more than a curve shows. */
const short = (value: number | null): number | null =>
  value === null || Number.isInteger(value) ? value : Number(value.toPrecision(6));

/** One iteration in full, as a line of the complete metrics: a file holds every number that is one. */
export const lineOf = (metrics: IterationMetrics): Point => ({
  step: summarise(metrics).step,
  ...numbersOf(metrics, (value) => (Number.isFinite(value) ? value : null)),
});

/** One iteration as a point of the curves. */
export const pointOf = (metrics: IterationMetrics): Point => {
  const kl = 'train/approx_kl' in metrics && { approx_kl: finite(metrics['train/approx_kl']) };
  const point = { ...finiteAll(summarise(metrics)), ...kl };
  return Object.fromEntries(Object.entries(point).map(([name, value]) => [name, short(value)]));
};

/**
 * At most {@link maxPoints} of the points: the last one always, and of every stretch of neighbours the lowest and
 * the highest reward, so that no peak is lost.
 */
export function decimate(points: readonly Point[]): Point[] {
  if (points.length <= maxPoints) return [...points];
  const last = points.length - 1;
  const stretches = (maxPoints - 2) / 2;
  const kept = new Set([last]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * last) / stretches);
    const to = Math.floor(((stretch + 1) * last) / stretches);
    const indexes = Array.from({ length: to - from }, (_, offset) => from + offset);
    const reward = (index: number): number => points[index]?.['episode_reward'] ?? 0;
    kept.add(indexes.reduce((best, index) => (reward(index) < reward(best) ? index : best), from));
    kept.add(indexes.reduce((best, index) => (reward(index) > reward(best) ? index : best), from));
  }
  return [...kept]
    .sort((a, b) => a - b)
    .map((index) => points[index])
    .filter((point) => point !== undefined);
}

/** The data of a `training.metrics` event: the newest iteration, and the points since the event before. */
export function metricsData(newest: IterationMetrics, points: readonly Point[]): TrainingMetrics {
  const { step, ...summary } = summarise(newest);
  return { step, ...mapFinite(summary), metrics: finiteAll(newest), points: decimate(points) };
}

const mapFinite = <T extends Record<string, number>>(values: T): { [K in keyof T]: number | null } =>
  // finiteAll keeps every numeric key
  finiteAll(values) as { [K in keyof T]: number | null };

export const evaluatedData = (evaluation: TrainingEvaluation, best: boolean): TrainingEvaluated => {
  const { replay: _replay, returns: _returns, ...told } = evaluation;
  return { ...told, best };
};
