import { at, type Bank, checkItem, LOGISTIC } from '../bank.ts';
import {
  createCurves,
  evaluate,
  informationOf,
  informationSlopeOf,
  logProbabilityOf,
  warmTermOf,
} from './curves.ts';

const scratch = createCurves();

/**
 * P_k(θ) of every category of an item [categories]; of a dichotomous item wrong, right.
 * @throws RangeError for an item outside the bank or a θ that is not finite
 */
export function categoryProbabilities(bank: Bank, item: number, theta: number): Float64Array {
  checkPoint(bank, item, theta);
  evaluate(bank, item, theta, scratch);
  return scratch.p.slice(0, scratch.categories);
}

/**
 * P(θ) of a right answer to a dichotomous item: c + (d − c)/(1 + e^{−D a (θ − b)}).
 * @throws TypeError for a polytomous item, RangeError as `categoryProbabilities`
 */
export function probability(bank: Bank, item: number, theta: number): number {
  checkPoint(bank, item, theta);
  if (bank.family[item] !== LOGISTIC)
    throw new TypeError(`item ${item} (${bank.models[item]}) has more than right and wrong`);
  evaluate(bank, item, theta, scratch);
  return at(scratch.p, 1);
}

/** Σ k P_k(θ), the expected category. @throws RangeError as `categoryProbabilities` */
export function expectedScore(bank: Bank, item: number, theta: number): number {
  checkPoint(bank, item, theta);
  evaluate(bank, item, theta, scratch);
  let sum = 0;
  for (let k = 1; k < scratch.categories; k++) sum += k * at(scratch.p, k);
  return sum;
}

/**
 * Fisher's expected information I(θ) = Σ P_k'²/P_k in 1/θ² (of a dichotomous item P'²/(PQ)).
 * @throws RangeError as `categoryProbabilities`
 */
export function itemInformation(bank: Bank, item: number, theta: number): number {
  checkPoint(bank, item, theta);
  evaluate(bank, item, theta, scratch);
  return informationOf(scratch);
}

/** Σ I_i(θ) over the bank, or over `items`. @throws RangeError as `categoryProbabilities` */
export function testInformation(bank: Bank, theta: number, items?: ArrayLike<number>): number {
  const count = items?.length ?? bank.size;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += itemInformation(bank, items === undefined ? k : at(items, k), theta);
  return sum;
}

/** An item at one θ; arrays run over its categories. */
export interface ItemDerivatives {
  readonly P: Float64Array;
  /** dP/dθ and d²P/dθ². */
  readonly dP: Float64Array;
  readonly d2P: Float64Array;
  /** ln P. */
  readonly logP: Float64Array;
  /** −d² ln P/dθ²: the information observed after a response in each category. */
  readonly observed: Float64Array;
  /** Expected information, its derivative by θ, and Warm's term Σ P' P''/P. */
  readonly I: number;
  readonly dI: number;
  readonly J: number;
}

/** Everything the estimators use of one item at one θ. @throws RangeError as `categoryProbabilities` */
export function itemDerivatives(bank: Bank, item: number, theta: number): ItemDerivatives {
  checkPoint(bank, item, theta);
  evaluate(bank, item, theta, scratch);
  const { categories, p, u, w } = scratch;
  const P = p.slice(0, categories);
  return {
    P,
    dP: P.map((value, k) => value * at(u, k)),
    d2P: P.map((value, k) => value * (at(u, k) ** 2 - at(w, k))),
    logP: P.map((_, k) => logProbabilityOf(scratch, k)),
    observed: w.slice(0, categories),
    I: informationOf(scratch),
    dI: informationSlopeOf(scratch),
    J: warmTermOf(scratch),
  };
}

function checkPoint(bank: Bank, item: number, theta: number): void {
  checkItem(bank, item);
  if (!Number.isFinite(theta)) throw new RangeError(`θ must be finite, not ${theta}`);
}
