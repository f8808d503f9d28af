import { type Answers, at, type Bank, checkAnswers } from '../bank.ts';
import { integralOf } from '../integral.ts';
import {
  createCurves,
  evaluate,
  informationOf,
  informationSlopeOf,
  logProbabilityOf,
  warmTermOf,
} from '../models/curves.ts';
import { highestSummit, type Ridge } from './climb.ts';
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
  const height = (theta: number) => logLikelihood(bank, answers, theta);
  const summit = highestSummit(ridge, height, bounds, stepsFor(bank, answers, bounds));
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
  const height = (theta: number) => {
    const away = (theta - mean) / sd;
    return logLikelihood(bank, answers, theta) - 0.5 * away * away;
  };
  const summit = highestSummit(ridge, height, bounds, stepsFor(bank, answers, bounds));
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
  const [lower, upper] = bounds;
  const steps = stepsFor(bank, answers, bounds);
  const sums = createSums();
  const correctionAt = (theta: number) => {
    sumUp(bank, answers, theta, sums);
    return sums.I > 0 ? sums.J / (2 * sums.I) : 0;
  };
  const ridge = ridgeOfWarm(bank, answers, bounds) ?? {
    slope: (theta) => {
      const correction = correctionAt(theta);
      return sums.dl + correction;
    },
    reach: () => 0,
  };
  const height = (theta: number) => {
    const middle = (lower + upper) / 2;
    const pieces = Math.ceil((Math.abs(theta - middle) / (upper - lower)) * (steps / 4));
    return logLikelihood(bank, answers, theta) + integralOf(correctionAt, middle, theta, pieces);
  };
  const summit = highestSummit(ridge, height, bounds, steps);
  return { ...summit, se: errorOf(informationAt(bank, answers, summit.theta)) };
}

/** Above this many logits from an item, information underflows. */
const FARTHEST = 300;

/**
 * Warm's function; null for items with several categories or too far away, where it is not known how fast it can change.
 * J/I is the mean with weights I of h = D a (1 − 2s), and its derivative the mean of h' and the covariance of h with
 * (ln I)', which are in −a²/2 to 0, −a to a and −2a to 2a with a the highest D a: J/(2I) changes by −5a²/4 to a².
 */
function ridgeOfWarm(bank: Bank, answers: Answers, [lower, upper]: readonly [number, number]): Ridge | null {
  const likelihood = createSlope(bank, answers);
  const { terms, steepest, fall, rise } = likelihood;
  if (terms === null) return null;
  for (let k = 0; k < terms.length; k += 6)
    if (steepest * Math.max(upper - at(terms, k + 1), at(terms, k + 1) - lower) > FARTHEST) return null;
  const square = steepest * steepest;
  return {
    slope: (theta) =>
      slopeAndWarmAt(likelihood, terms, theta) + likelihood.warm / (2 * likelihood.information),
    reach: (slope) => (slope > 0 ? slope / (fall + 1.25 * square) : -slope / (rise + square)),
  };
}

/**
 * Mode of the posterior with Jeffreys' prior √I (catR's `BM` with `Jeffreys`): maximises ln L + ½ ln I on `bounds`.
 * SE = 1/√I(θ).
 *
 * @throws RangeError as `estimateMle`
 */
export function estimateJeffreys(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
  const bounds = checked(bank, answers, options);
  const sums = createSums();
  const informationHere = (theta: number) => {
    sumUp(bank, answers, theta, sums);
    return Math.max(sums.I, Number.MIN_VALUE);
  };
  const ridge: Ridge = {
    slope: (theta) => {
      const information = informationHere(theta);
      return sums.dl + sums.dI / (2 * information);
    },
    reach: () => 0,
  };
  const height = (theta: number) => {
    const information = informationHere(theta);
    return sums.l + 0.5 * Math.log(information);
  };
  const summit = highestSummit(ridge, height, bounds, stepsFor(bank, answers, bounds));
  return { ...summit, se: errorOf(informationAt(bank, answers, summit.theta)) };
}

function checked(bank: Bank, answers: Answers, options: EstimateOptions): readonly [number, number] {
  checkAnswers(bank, answers);
  if (answers.items.length === 0) throw new RangeError('this estimator needs at least one answer');
  return resolveBounds(options.bounds);
}
