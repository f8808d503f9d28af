import { type Answers, at, type Bank, checkAnswers } from '../bank.ts';
import {
  createCurves,
  evaluate,
  informationOf,
  informationSlopeOf,
  logProbabilityOf,
  warmTermOf,
} from '../models/curves.ts';
import { highestSummit, type Landscape, type Ridge, type Summit, summitsOf } from './climb.ts';
import { type Estimate, type EstimateOptions, resolveBounds, resolvePrior } from './options.ts';
import { createSlope, reachOf, slopeAndWarmAt, slopeAt } from './slope.ts';

/** Sums over the answered items at one θ. */
interface Sums {
  /** ln L, its first derivative, expected information, its derivative, and Σ P'P''/P. */
  l: number;
  dl: number;
  I: number;
  dI: number;
  J: number;
}

const curves = createCurves();

function sumUp(bank: Bank, { items, responses }: Answers, theta: number, sums: Sums): void {
  sums.l = 0;
  sums.dl = 0;
  sums.I = 0;
  sums.dI = 0;
  sums.J = 0;
  for (let k = 0; k < items.length; k++) {
    const response = responses[k] ?? 0;
    evaluate(bank, items[k] ?? 0, theta, curves);
    sums.l += logProbabilityOf(curves, response);
    sums.dl += curves.u[response] ?? 0;
    sums.I += informationOf(curves);
    sums.dI += informationSlopeOf(curves);
    sums.J += warmTermOf(curves);
  }
}

function logLikelihood(bank: Bank, { items, responses }: Answers, theta: number): number {
  let sum = 0;
  for (let k = 0; k < items.length; k++) {
    evaluate(bank, items[k] ?? 0, theta, curves);
    sum += logProbabilityOf(curves, responses[k] ?? 0);
  }
  return sum;
}

function informationAt(bank: Bank, { items }: Answers, theta: number): number {
  let sum = 0;
  for (let k = 0; k < items.length; k++) {
    evaluate(bank, items[k] ?? 0, theta, curves);
    sum += informationOf(curves);
  }
  return sum;
}

const createSums = (): Sums => ({ l: 0, dl: 0, I: 0, dI: 0, J: 0 });

/** A maximum of ln L is some 1/(D a) wide; the scan's step is a quarter of the narrowest, at most 0.1. */
function stepsFor(bank: Bank, { items }: Answers, [lower, upper]: readonly [number, number]): number {
  let steepest = 0;
  for (let k = 0; k < items.length; k++) steepest = Math.max(steepest, at(bank.slope, at(items, k)));
  const step = Math.min(0.1, Math.max(0.01, 0.25 / steepest));
  return Math.max(1, Math.ceil((upper - lower) / step));
}

/** SE from an amount of information; at most a million, so that it can be stored whatever the pattern. */
const errorOf = (information: number): number => 1 / Math.sqrt(Math.max(information, 1e-12));

/**
 * Maximum likelihood on `bounds` ([−6, 6] by default): the global maximum, which for all right or all wrong, and for
 * some patterns under 3PL and 4PL, is a bound. SE = 1/√I(θ).
 *
 * @throws RangeError without answers, for answers that are not the bank's, or bounds out of range
 */
export function estimateMle(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  const bounds = checked(bank, answers, options);
  const likelihood = createSlope(bank, answers);
  const ridge: Ridge = {
    slope: (theta) => slopeAt(likelihood, theta),
    reach: (slope) => reachOf(likelihood, slope),
  };
  const summit = highest(ridge, bounds, stepsFor(bank, answers, bounds), (theta) =>
    logLikelihood(bank, answers, theta),
  );
  return { ...summit, se: errorOf(informationAt(bank, answers, summit.theta)) };
}

/**
 * Maximum a posteriori (Bayes modal; Samejima 1969) with a normal prior: maximises ln L − (θ − μ)²/(2σ²) on `bounds`.
 * SE = 1/√(I(θ) + 1/σ²). Without answers: the prior's mean.
 *
 * @throws RangeError for answers that are not the bank's, or a prior or bounds out of range
 */
export function estimateMap(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  checkAnswers(bank, answers);
  const bounds = resolveBounds(options.bounds);
  const { mean, sd } = resolvePrior(options.prior);
  const likelihood = createSlope(bank, answers);
  const precision = 1 / (sd * sd);
  const ridge: Ridge = {
    slope: (theta) => slopeAt(likelihood, theta) - (theta - mean) * precision,
    reach: (slope) =>
      slope > 0 ? slope / (likelihood.fall + precision) : -slope / Math.max(0, likelihood.rise - precision),
  };
  const summit = highest(ridge, bounds, stepsFor(bank, answers, bounds), (theta) => {
    const away = (theta - mean) / sd;
    return logLikelihood(bank, answers, theta) - 0.5 * away * away;
  });
  return { ...summit, se: errorOf(informationAt(bank, answers, summit.theta) + precision) };
}

/**
 * Warm's weighted likelihood (1989): the root of l'(θ) + J(θ)/(2 I(θ)) on `bounds`, J = Σ P'P''/P. Under 1PL and 2PL
 * it is the mode with Jeffreys' prior; under 3PL and 4PL it is not. Among several roots the one where the integral of
 * that function is highest. SE = 1/√I(θ).
 *
 * @throws RangeError as `estimateMle`
 */
export function estimateWle(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  const bounds = checked(bank, answers, options);
  const [only, ...others] = rootsOfWarm(bank, answers, bounds);
  if (only !== undefined && others.length === 0)
    return { ...only, se: errorOf(informationAt(bank, answers, only.theta)) };
  const sums = createSums();
  // The scan visits θ from left to right, and roots between its points: the correction's integral is carried along.
  let [last, lastCorrection, integral] = [Number.NaN, 0, 0];
  return climb(bank, answers, options, sums, (theta, point) => {
    sumUp(bank, answers, theta, sums);
    const correction = sums.I > 0 ? sums.J / (2 * sums.I) : 0;
    if (!Number.isNaN(last)) integral += ((theta - last) * (correction + lastCorrection)) / 2;
    [last, lastCorrection] = [theta, correction];
    point.value = sums.l + integral;
    point.slope = sums.dl + correction;
  });
}

/** Above this many logits from an item, information underflows. */
const FARTHEST = 300;

/**
 * The candidates for Warm's estimate; none for items with several categories or too far away, whose bounds are not known.
 * J/I is the mean with weights I of h = D a (1 − 2s), and its derivative the mean of h' and the covariance of h with
 * (ln I)', which are in −a²/2 to 0, −a to a and −2a to 2a with a the highest D a: J/(2I) changes by −5a²/4 to a².
 */
function rootsOfWarm(bank: Bank, answers: Answers, bounds: readonly [number, number]): Summit[] {
  const likelihood = createSlope(bank, answers);
  const { terms, steepest, fall, rise } = likelihood;
  if (terms === null) return [];
  const [lower, upper] = bounds;
  for (let k = 0; k < terms.length; k += 6)
    if (steepest * Math.max(upper - at(terms, k + 1), at(terms, k + 1) - lower) > FARTHEST) return [];
  const square = steepest * steepest;
  const ridge: Ridge = {
    slope: (theta) =>
      slopeAndWarmAt(likelihood, terms, theta) + likelihood.warm / (2 * likelihood.information),
    reach: (slope) => (slope > 0 ? slope / (fall + 1.25 * square) : -slope / (rise + square)),
  };
  return summitsOf(ridge, lower, upper, stepsFor(bank, answers, bounds)).map((theta) =>
    summitAt(theta, bounds),
  );
}

/**
 * Mode of the posterior with Jeffreys' prior √I (catR's `BM` with `Jeffreys`): maximises ln L + ½ ln I on `bounds`.
 * SE = 1/√I(θ).
 *
 * @throws RangeError as `estimateMle`
 */
export function estimateJeffreys(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  const sums = createSums();
  return climb(bank, answers, options, sums, (theta, point) => {
    sumUp(bank, answers, theta, sums);
    const information = Math.max(sums.I, Number.MIN_VALUE);
    point.value = sums.l + 0.5 * Math.log(information);
    point.slope = sums.dl + sums.dI / (2 * information);
  });
}

function checked(bank: Bank, answers: Answers, options: EstimateOptions): readonly [number, number] {
  checkAnswers(bank, answers);
  if (answers.items.length === 0) throw new RangeError('this estimator needs at least one answer');
  return resolveBounds(options.bounds);
}

const summitAt = (theta: number, [lower, upper]: readonly [number, number]): Summit => ({
  theta,
  at_bound: theta === lower || theta === upper,
});

/** The highest summit of `ridge`; heights are only asked for where there are several. */
function highest(
  ridge: Ridge,
  bounds: readonly [number, number],
  steps: number,
  height: (theta: number) => number,
): Summit {
  const [first = bounds[0], ...others] = summitsOf(ridge, ...bounds, steps);
  if (others.length === 0) return summitAt(first, bounds);
  let [best, most] = [first, height(first)];
  for (const theta of others) {
    const value = height(theta);
    if (value > most) [best, most] = [theta, value];
  }
  return summitAt(best, bounds);
}

/** The highest summit of `landscape`, with the information there as SE. */
function climb(
  bank: Bank,
  answers: Answers,
  options: EstimateOptions,
  sums: Sums,
  landscape: Landscape,
): Estimate {
  const bounds = checked(bank, answers, options);
  const summit = highestSummit(landscape, ...bounds, stepsFor(bank, answers, bounds));
  sumUp(bank, answers, summit.theta, sums);
  return { ...summit, se: errorOf(sums.I) };
}
