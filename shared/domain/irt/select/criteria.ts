import { integers } from '../arrays.ts';
import { type Answers, at, type Bank, checkAnswers, checkItem } from '../bank.ts';
import type { EstimateOptions } from '../estimate/options.ts';
import { type CriterionName, criterionNames } from '../names.ts';
import { checkSeed } from '../rng.ts';
import { progressiveValues, proportionalValues, randomValues } from './drawn.ts';
import { expectedInformation, expectedObservedInformation, expectedPosteriorVariance } from './expected.ts';
import { discrimination, divergence, weightedInformation } from './global.ts';
import { difficultyDistance, fisherInformation, intervalInformation, maximumDistance } from './local.ts';
import { type Progress, product, Situation } from './situation.ts';
import { type StrataOptions, stratifiedDistance, stratifiedInformation } from './stratified.ts';

/** A criterion and its settings; those of other criteria are ignored. */
export interface CriterionOptions extends StrataOptions {
  readonly criterion: CriterionName;
  /** `closest`: added to θ̂ before difficulties are compared; 0 by default, jsCAT's is 0.481. */
  readonly offset?: number | undefined;
  /** `interval`: half the width of the interval around θ̂; 1 by default. */
  readonly half_width?: number | undefined;
  /** `progressive`, `proportional`: how late information takes over; 1 by default, higher is later. */
  readonly acceleration?: number | undefined;
}

/** Which candidate a criterion's values prefer; `drawn`: the values are the probabilities of being drawn. */
export type Preference = 'largest' | 'smallest' | 'drawn';

interface Criterion {
  readonly prefers: Preference;
  readonly values: (situation: Situation, options: CriterionOptions) => Float64Array;
}

const criteria: Readonly<Record<CriterionName, Criterion>> = {
  MFI: { prefers: 'largest', values: fisherInformation },
  urry: { prefers: 'smallest', values: (s) => difficultyDistance(s) },
  closest: { prefers: 'smallest', values: (s, { offset = 0 }) => difficultyDistance(s, offset) },
  thOpt: { prefers: 'smallest', values: maximumDistance },
  interval: { prefers: 'largest', values: (s, { half_width = 1 }) => intervalInformation(s, half_width) },
  a_stratified: { prefers: 'smallest', values: stratifiedDistance },
  max_info_stratified: { prefers: 'largest', values: stratifiedInformation },
  MLWI: { prefers: 'largest', values: (s) => weightedInformation(s, s.likelihoodMasses) },
  MPWI: { prefers: 'largest', values: (s) => weightedInformation(s, s.posteriorMasses) },
  KL: { prefers: 'largest', values: (s) => divergence(s, s.likelihoodMasses) },
  KLP: { prefers: 'largest', values: (s) => divergence(s, s.posteriorMasses) },
  GDI: { prefers: 'largest', values: (s) => discrimination(s, s.likelihood) },
  GDIP: { prefers: 'largest', values: (s) => discrimination(s, product(s.likelihood, s.prior)) },
  MEI: { prefers: 'largest', values: expectedInformation },
  MEI_observed: { prefers: 'largest', values: expectedObservedInformation },
  MEPV: { prefers: 'smallest', values: expectedPosteriorVariance },
  progressive: {
    prefers: 'largest',
    values: (s, { acceleration = 1 }) => progressiveValues(s, acceleration),
  },
  proportional: {
    prefers: 'drawn',
    values: (s, { acceleration = 1 }) => proportionalValues(s, acceleration),
  },
  random: { prefers: 'largest', values: randomValues },
};

/** @throws TypeError for an unknown criterion, RangeError for a setting out of range */
export function checkCriterion({
  criterion,
  offset = 0,
  half_width = 1,
  acceleration = 1,
  strata = 4,
}: CriterionOptions): void {
  if (!criterionNames.includes(criterion)) throw new TypeError(`unknown criterion ${String(criterion)}`);
  if (!Number.isFinite(offset)) throw new RangeError(`offset must be finite, not ${offset}`);
  if (!(half_width > 0 && half_width <= 20))
    throw new RangeError(`half_width must be above 0 and at most 20, not ${half_width}`);
  if (!(acceleration >= 0 && acceleration <= 100))
    throw new RangeError(`acceleration must be 0 to 100, not ${acceleration}`);
  if (!Number.isInteger(strata) || strata < 1)
    throw new RangeError(`strata must be at least 1, not ${strata}`);
}

/** Values of the criterion for the situation's candidates, unchecked. */
export const valuesOf = (situation: Situation, options: CriterionOptions): Float64Array =>
  criteria[options.criterion].values(situation, options);

export const preferenceOf = (criterion: CriterionName): Preference => criteria[criterion].prefers;

export interface CriterionRequest extends EstimateOptions, CriterionOptions {
  /** Present estimate. */
  readonly theta: number;
  /** Its standard error; 1 by default. */
  readonly se?: number | undefined;
  /** Answers so far; none by default. */
  readonly answers?: Answers | undefined;
  /** Items to compare; by default all that are not answered. */
  readonly candidates?: ArrayLike<number> | undefined;
  /** For criteria that depend on the test's progress; as long as the bank by default. */
  readonly progress?: Progress | undefined;
  /** For criteria that draw. */
  readonly seed?: number | undefined;
}

export interface CriterionValues {
  readonly candidates: Int32Array;
  /** values[k] is candidate k's. */
  readonly values: Float64Array;
  readonly prefers: Preference;
  /** The candidate that the values prefer, of several the one with the lowest index; −1 without candidates. */
  readonly best: number;
}

/**
 * A selection criterion's value for every candidate. Integrals run over `quadrature`'s nodes (41 on [−5, 5] by default)
 * by the trapezoid rule, with `prior` N(0, 1) by default; each criterion's formula and source stand at its function.
 *
 * @throws TypeError for an unknown criterion; RangeError for θ, candidates, answers or settings out of range
 */
export function criterionValues(bank: Bank, request: CriterionRequest): CriterionValues {
  const { theta, se = 1, answers = { items: [], responses: [] }, seed = 0 } = request;
  checkCriterion(request);
  checkAnswers(bank, answers);
  checkSeed(seed);
  if (!Number.isFinite(theta)) throw new RangeError(`θ must be finite, not ${theta}`);
  if (!(se > 0)) throw new RangeError(`the standard error must be positive, not ${se}`);
  const candidates = candidatesOf(bank, answers, request.candidates);
  const { progress = { max_items: bank.size } } = request;
  const situation = new Situation(bank, candidates, { answers, theta, se, seed }, progress, request);
  const values = valuesOf(situation, request);
  const prefers = preferenceOf(request.criterion);
  return { candidates, values, prefers, best: bestOf(candidates, values, prefers) };
}

function candidatesOf(bank: Bank, { items }: Answers, given: ArrayLike<number> | undefined): Int32Array {
  if (given !== undefined) {
    for (let k = 0; k < given.length; k++) checkItem(bank, at(given, k));
    const candidates = Int32Array.from(given);
    if (new Set(candidates).size < candidates.length)
      throw new RangeError('candidates must not repeat: each item is compared once');
    return candidates;
  }
  const candidates = integers(bank.size - items.length);
  let k = 0;
  let item = 0;
  for (const answered of Int32Array.from(items).sort()) {
    while (item < answered) candidates[k++] = item++;
    item = answered + 1;
  }
  while (item < bank.size) candidates[k++] = item++;
  return candidates;
}

function bestOf(candidates: Int32Array, values: Float64Array, prefers: Preference): number {
  const sign = prefers === 'smallest' ? -1 : 1;
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k++) {
    const value = sign * (values[k] ?? 0);
    if (value < most) continue;
    const item = candidates[k] ?? -1;
    if (value === most && item > best) continue;
    best = item;
    most = value;
  }
  return best;
}
