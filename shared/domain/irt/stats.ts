/**
 * Statistics of items and classes that grow with each answer: sums that are added up in any order and merged from
 * any parts, and what follows from them.
 *
 * Every sum is a whole number of millionths. Whole numbers are added exactly (up to 2^53, some 90 million attempts
 * of θ² ≤ 100), so that a sum over the table's increments, a merge of shards and a recomputation from the raw
 * attempts agree to the last digit, whatever the order.
 */

export const MILLIONTHS = 1_000_000;

/** With fewer attempts an item shows no statistics. */
export const LEAST_ATTEMPTS = 10;

const millionths = (value: number): number => {
  const scaled = Math.round(value * MILLIONTHS);
  if (!Number.isSafeInteger(scaled)) throw new RangeError(`${value} cannot be summed`);
  return scaled + 0; // no -0
};

/** `one` and `times` the `other`, sum by sum. */
function added<Name extends string>(
  one: Readonly<Record<Name, number>>,
  other: Readonly<Record<Name, number>>,
  times: 1 | -1,
): Record<Name, number> {
  const sums: Record<Name, number> = { ...one };
  for (const name in sums) sums[name] += times * other[name];
  return sums;
}

/** One scored answer. */
export interface ItemAttempt {
  /** Score from 0 (wrong) to 1 (right, or the highest category). */
  readonly x: number;
  /** The person's estimate at the end of the session. */
  readonly theta: number;
  /** Response time, where it was measured: whole, at least 1. */
  readonly milliseconds?: number | undefined;
  /** Expected score at `theta` by the item's parameters then, and its variance (PQ of a dichotomous item). */
  readonly expected: number;
  readonly variance: number;
}

/** Counts, and sums in millionths (of times: in milliseconds). */
export interface ItemSums {
  /** Attempts, and those with a time. */
  readonly n: number;
  readonly timed: number;
  readonly milliseconds: number;
  readonly x: number;
  readonly xx: number;
  readonly theta: number;
  readonly theta_theta: number;
  readonly x_theta: number;
  /** Σ ln seconds and Σ ln² seconds. */
  readonly log_time: number;
  readonly log_time_squared: number;
  /** Σ (x − P) and Σ PQ. */
  readonly residual: number;
  readonly variance: number;
}

export const noItemSums: ItemSums = {
  n: 0,
  timed: 0,
  milliseconds: 0,
  x: 0,
  xx: 0,
  theta: 0,
  theta_theta: 0,
  x_theta: 0,
  log_time: 0,
  log_time_squared: 0,
  residual: 0,
  variance: 0,
};

/**
 * What one answer adds.
 * @throws RangeError for a score outside [0, 1], a time that is no whole number of milliseconds from 1 on, a negative
 * variance, a θ that is not finite
 */
export function itemSumsOf({ x, theta, milliseconds, expected, variance }: ItemAttempt): ItemSums {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`a score is from 0 to 1, not ${x}`);
  if (!(variance >= 0)) throw new RangeError(`a variance is not negative: ${variance}`);
  const timed = milliseconds !== undefined;
  if (timed && !(Number.isSafeInteger(milliseconds) && milliseconds >= 1))
    throw new RangeError(`a time is a whole number of milliseconds, not ${milliseconds}`);
  const log_time = timed ? Math.log(milliseconds / 1000) : 0;
  return {
    n: 1,
    timed: timed ? 1 : 0,
    milliseconds: milliseconds ?? 0,
    x: millionths(x),
    xx: millionths(x * x),
    theta: millionths(theta),
    theta_theta: millionths(theta * theta),
    x_theta: millionths(x * theta),
    log_time: millionths(log_time),
    log_time_squared: millionths(log_time * log_time),
    residual: millionths(x - expected),
    variance: millionths(variance),
  };
}

export const mergeItemSums = (one: ItemSums, other: ItemSums): ItemSums => added(one, other, 1);

/** Takes answers out of sums again, as when one was voided. */
export const withoutItemSums = (sums: ItemSums, gone: ItemSums): ItemSums => added(sums, gone, -1);

export interface ItemStatistics {
  readonly n: number;
  /** Σ x, of a dichotomous item the number of right answers, and its share of n. */
  readonly correct: number;
  readonly p: number;
  /** Correlation of score and θ; null where one of them does not vary. */
  readonly point_biserial: number | null;
  /** Mean time, and the typical one, e^(mean ln t), which a coffee break does not move; null with fewer than 10. */
  readonly mean_time_s: number | null;
  readonly typical_time_s: number | null;
  /** Standard deviation of ln t. */
  readonly log_time_sd: number | null;
  /**
   * z = Σ(x − P)/√ΣPQ, about N(0, 1) while the item's parameters hold: beyond ±3 it has become easier or harder.
   * null where nothing is known of P.
   */
  readonly drift: number | null;
}

/** null with fewer than 10 attempts. */
export function itemStatistics(sums: ItemSums): ItemStatistics | null {
  const { n, timed } = sums;
  if (n < LEAST_ATTEMPTS) return null;
  const xVariance = n * sums.xx - sums.x * (sums.x / MILLIONTHS);
  const thetaVariance = n * sums.theta_theta - sums.theta * (sums.theta / MILLIONTHS);
  const covariance = n * sums.x_theta - sums.x * (sums.theta / MILLIONTHS);
  // n² Var in millionths; each addend of the sums is rounded by half of one
  const varies = xVariance > 10 * n * n && thetaVariance > 10 * n * n;
  const meanLog = sums.log_time / MILLIONTHS / timed;
  const logVariance = (sums.log_time_squared / MILLIONTHS - timed * meanLog * meanLog) / (timed - 1);
  const isTimed = timed >= LEAST_ATTEMPTS;
  return {
    n,
    correct: sums.x / MILLIONTHS,
    p: sums.x / MILLIONTHS / n,
    point_biserial: varies ? clamped(covariance / Math.sqrt(xVariance * thetaVariance)) : null,
    mean_time_s: isTimed ? sums.milliseconds / 1000 / timed : null,
    typical_time_s: isTimed ? Math.exp(meanLog) : null,
    log_time_sd: isTimed ? Math.sqrt(Math.max(0, logVariance)) : null,
    drift: sums.variance > 0 ? sums.residual / MILLIONTHS / Math.sqrt(sums.variance / MILLIONTHS) : null,
  };
}

const clamped = (r: number): number => Math.max(-1, Math.min(1, r));

/** One completed session of a member of the class. */
export interface ClassResult {
  readonly theta: number;
  /** In the units that the class is shown. */
  readonly score: number;
}

/** A count, and sums in millionths. */
export interface ClassSums {
  readonly n: number;
  readonly theta: number;
  readonly theta_theta: number;
  readonly score: number;
}

export const noClassSums: ClassSums = { n: 0, theta: 0, theta_theta: 0, score: 0 };

/** What one completed session adds. @throws RangeError for numbers that are not finite */
export const classSumsOf = ({ theta, score }: ClassResult): ClassSums => ({
  n: 1,
  theta: millionths(theta),
  theta_theta: millionths(theta * theta),
  score: millionths(score),
});

/** Takes a result out of sums again, as for a session that was voided. */
export const withoutClassSums = (sums: ClassSums, gone: ClassSums): ClassSums => added(sums, gone, -1);

export const mergeClassSums = (one: ClassSums, other: ClassSums): ClassSums => added(one, other, 1);

export interface ClassStatistics {
  readonly n: number;
  readonly mean_theta: number;
  /** Standard deviation of the sample (n − 1); null for one result. */
  readonly theta_sd: number | null;
  readonly mean_score: number;
}

/** null for a class without a completed session. */
export function classStatistics({ n, theta, theta_theta, score }: ClassSums): ClassStatistics | null {
  if (n < 1) return null;
  const mean_theta = theta / MILLIONTHS / n;
  const squares = (n * theta_theta - theta * (theta / MILLIONTHS)) / MILLIONTHS / n;
  return {
    n,
    mean_theta,
    theta_sd: n > 1 ? Math.sqrt(Math.max(0, squares) / (n - 1)) : null,
    mean_score: score / MILLIONTHS / n,
  };
}
