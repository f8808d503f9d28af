import { type Answers, at, type Bank, checkAnswers } from '../bank.ts';
import {
  createCurves,
  evaluate,
  informationOf,
  informationSlopeOf,
  logProbabilityOf,
  warmTermOf,
} from '../models/curves.ts';
import { highestSummit, type Landscape } from './climb.ts';
import { type Estimate, type EstimateOptions, resolveBounds, resolvePrior } from './options.ts';

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

/** @param all whether information and bias are wanted too; without them it takes half the time */
function sumUp(bank: Bank, { items, responses }: Answers, theta: number, sums: Sums, all = true): void {
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
    if (!all) continue;
    sums.I += informationOf(curves);
    sums.dI += informationSlopeOf(curves);
    sums.J += warmTermOf(curves);
  }
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
  const sums = createSums();
  return climb(bank, answers, options, sums, (theta, point) => {
    sumUp(bank, answers, theta, sums, false);
    point.value = sums.l;
    point.slope = sums.dl;
  });
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
  const sums = createSums();
  const summit = highestSummit(
    (theta, point) => {
      sumUp(bank, answers, theta, sums, false);
      const away = (theta - mean) / sd;
      point.value = sums.l - 0.5 * away * away;
      point.slope = sums.dl - away / sd;
    },
    ...bounds,
    stepsFor(bank, answers, bounds),
  );
  sumUp(bank, answers, summit.theta, sums);
  return { ...summit, se: errorOf(sums.I + 1 / (sd * sd)) };
}

/**
 * Warm's weighted likelihood (1989): the root of l'(θ) + J(θ)/(2 I(θ)) on `bounds`, J = Σ P'P''/P. Under 1PL and 2PL
 * it is the mode with Jeffreys' prior; under 3PL and 4PL it is not. Among several roots the one where the integral of
 * that function is highest. SE = 1/√I(θ).
 *
 * @throws RangeError as `estimateMle`
 */
export function estimateWle(bank: Bank, answers: Answers, options: EstimateOptions = {}): Estimate {
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

/** The highest summit of `landscape`, with the information there as SE. */
function climb(
  bank: Bank,
  answers: Answers,
  options: EstimateOptions,
  sums: Sums,
  landscape: Landscape,
): Estimate {
  checkAnswers(bank, answers);
  if (answers.items.length === 0) throw new RangeError('this estimator needs at least one answer');
  const bounds = resolveBounds(options.bounds);
  const summit = highestSummit(landscape, ...bounds, stepsFor(bank, answers, bounds));
  sumUp(bank, answers, summit.theta, sums);
  return { ...summit, se: errorOf(sums.I) };
}
