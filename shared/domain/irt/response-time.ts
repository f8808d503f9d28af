/**
 * Response times by the log-normal model (van der Linden 2006, "A lognormal model for response times on test items"):
 * ln T ~ N(β_i − τ, 1/α_i²), with T in seconds, the person's speed τ, the item's time intensity β and precision α.
 */

/** An item's time parameters, and how long a person took. */
export interface TimedResponse {
  /** Discriminating power, 1/sd of ln seconds; positive. */
  readonly alpha: number;
  /** Time intensity, ln seconds at speed 0. */
  readonly beta: number;
  readonly seconds: number;
}

/** Speed on the scale of ln seconds: at τ = ln 2 everything takes half the time. */
export interface Speed {
  readonly tau: number;
  readonly se: number;
}

/**
 * Maximum-likelihood speed: τ = Σ α²(β − ln t)/Σ α², SE = 1/√Σ α². With a prior N(mean, sd²) its mode, which exists
 * without responses too.
 * @throws RangeError for no responses (without a prior), an α or a time that is not positive
 */
export function estimateSpeed(
  responses: readonly TimedResponse[],
  prior?: { readonly mean: number; readonly sd: number },
): Speed {
  let weight = prior === undefined ? 0 : 1 / prior.sd ** 2;
  let sum = prior === undefined ? 0 : weight * prior.mean;
  for (const response of responses) {
    checkTimed(response);
    const { alpha, beta, seconds } = response;
    weight += alpha * alpha;
    sum += alpha * alpha * (beta - Math.log(seconds));
  }
  if (!(weight > 0)) throw new RangeError('speed needs at least one timed response');
  return { tau: sum / weight, se: 1 / Math.sqrt(weight) };
}

function checkTimed({ alpha, beta, seconds }: TimedResponse): void {
  if (!(alpha > 0 && Number.isFinite(alpha))) throw new RangeError(`alpha must be positive, not ${alpha}`);
  if (!Number.isFinite(beta)) throw new RangeError(`beta must be finite, not ${beta}`);
  if (!(seconds > 0 && Number.isFinite(seconds)))
    throw new RangeError(`a time is positive, not ${seconds} s`);
}

/**
 * z = α (ln t − (β − τ)): about N(0, 1) for a person who works at their own pace.
 * @throws RangeError as `estimateSpeed`
 */
export function timeResidual(response: TimedResponse, tau: number): number {
  checkTimed(response);
  const { alpha, beta, seconds } = response;
  return alpha * (Math.log(seconds) - (beta - tau));
}

/** Log-likelihood of the times at speed τ. @throws RangeError as `estimateSpeed` */
export function timesLogLikelihood(responses: readonly TimedResponse[], tau: number): number {
  let sum = 0;
  for (const response of responses) {
    const z = timeResidual(response, tau);
    sum += Math.log(response.alpha / response.seconds) - 0.5 * Math.log(2 * Math.PI) - 0.5 * z * z;
  }
  return sum;
}

/** Share of an item's typical time, and the most seconds, below which a response is a guess. */
export const RAPID_SHARE = 0.1;
export const RAPID_SECONDS = 10;

/**
 * Below how many seconds a response to an item is a rapid guess: a tenth of the item's typical time, 10 s at most
 * (the normative threshold NT10, Wise & Ma 2012).
 * @param typical_time_s the item's mean or geometric mean time
 * @throws RangeError for a typical time that is not positive
 */
export function rapidGuessThreshold(typical_time_s: number, share: number = RAPID_SHARE): number {
  if (!(typical_time_s > 0)) throw new RangeError(`a typical time is positive, not ${typical_time_s} s`);
  return Math.min(RAPID_SECONDS, share * typical_time_s);
}

/** Whether a response was too fast for the item to have been read. @throws RangeError as `rapidGuessThreshold` */
export const isRapidGuess = (seconds: number, typical_time_s: number, share: number = RAPID_SHARE): boolean =>
  seconds < rapidGuessThreshold(typical_time_s, share);

/** Response time effort (Wise & Kong 2005): the share of a person's responses that are no rapid guesses. */
export function responseTimeEffort(rapid: readonly boolean[]): number {
  if (rapid.length === 0) throw new RangeError('effort needs at least one response');
  return rapid.filter((guess) => !guess).length / rapid.length;
}

/** Time parameters of items, and the spread of speed among persons, whose mean is 0. */
export interface TimeCalibration {
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  /** Speeds are N(0, speedSd²). */
  readonly speed_sd: number;
  readonly iterations: number;
  readonly converged: boolean;
}

const SHORTEST_SD = 0.05;

/**
 * Time parameters by marginal maximum likelihood with τ ~ N(0, σ²), a factor model with loadings 1: EM, whose
 * E-step is exact since everything is normal. With w = Σ α² + 1/σ²: E τ = Σ α²(β − ln t)/w, Var τ = 1/w.
 *
 * @param seconds one row for each person, null where there is no time
 * @throws RangeError for an item with fewer than two times, rows of unequal length, a time that is not positive
 */
export function calibrateTimes(
  seconds: readonly (readonly (number | null)[])[],
  { max_iterations = 1000, tolerance = 1e-8 } = {},
): TimeCalibration {
  const logs = seconds.map((row) => row.map((time) => (time === null ? null : logOf(time))));
  const items = logs[0]?.length ?? 0;
  if (items === 0) throw new RangeError('there are no times');
  logs.forEach((row, person) => {
    if (row.length !== items)
      throw new RangeError(`row ${person} has ${row.length} times, row 0 has ${items}`);
  });
  let state = startTimes(logs, items);
  for (let iteration = 1; iteration <= max_iterations; iteration++) {
    const next = improveTimes(logs, state);
    const change = Math.max(
      Math.abs(next.speed_sd - state.speed_sd),
      ...next.beta.map((b, i) => Math.abs(b - (state.beta[i] ?? 0))),
      ...next.alpha.map((a, i) => Math.abs(a - (state.alpha[i] ?? 0))),
    );
    state = next;
    if (change < tolerance) return { ...state, iterations: iteration, converged: true };
  }
  return { ...state, iterations: max_iterations, converged: false };
}

function logOf(seconds: number): number {
  if (!(seconds > 0 && Number.isFinite(seconds)))
    throw new RangeError(`a time is positive, not ${seconds} s`);
  return Math.log(seconds);
}

type LogTimes = readonly (readonly (number | null)[])[];
type TimeState = Pick<TimeCalibration, 'alpha' | 'beta' | 'speed_sd'>;

function startTimes(logs: LogTimes, items: number): TimeState {
  const beta = new Float64Array(items);
  const alpha = new Float64Array(items);
  for (let i = 0; i < items; i++) {
    const times = logs.map((row) => row[i] ?? null).filter((time) => time !== null);
    if (times.length < 2) throw new RangeError(`item ${i} has ${times.length} times`);
    const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
    const variance = times.reduce((sum, t) => sum + (t - mean) ** 2, 0) / times.length;
    beta[i] = mean;
    alpha[i] = 1 / Math.max(SHORTEST_SD, Math.sqrt(variance / 2));
  }
  return { alpha, beta, speed_sd: 0.3 };
}

function improveTimes(logs: LogTimes, { alpha, beta, speed_sd }: TimeState): TimeState {
  const items = alpha.length;
  const [n, shifted, squared] = [new Float64Array(items), new Float64Array(items), new Float64Array(items)];
  let spread = 0;
  const posteriors = logs.map((row) => {
    let weight = 1 / speed_sd ** 2;
    let sum = 0;
    row.forEach((t, i) => {
      if (t === null) return;
      const precision = (alpha[i] ?? 0) ** 2;
      weight += precision;
      sum += precision * ((beta[i] ?? 0) - t);
    });
    spread += (sum / weight) ** 2 + 1 / weight;
    return { tau: sum / weight, variance: 1 / weight };
  });
  const eachTime = (visit: (i: number, level: number, variance: number) => void): void =>
    logs.forEach((row, person) => {
      const { tau = 0, variance = 0 } = posteriors[person] ?? {};
      row.forEach((t, i) => {
        if (t !== null) visit(i, t + tau, variance);
      });
    });
  eachTime((i, level) => {
    n[i] = (n[i] ?? 0) + 1;
    shifted[i] = (shifted[i] ?? 0) + level;
  });
  const nextBeta = shifted.map((sum, i) => sum / (n[i] ?? 1));
  eachTime((i, level, variance) => {
    squared[i] = (squared[i] ?? 0) + (level - (nextBeta[i] ?? 0)) ** 2 + variance;
  });
  const nextAlpha = squared.map((sum, i) => 1 / Math.max(SHORTEST_SD, Math.sqrt(sum / (n[i] ?? 1))));
  return { alpha: nextAlpha, beta: nextBeta, speed_sd: Math.sqrt(spread / logs.length) };
}
