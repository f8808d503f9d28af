import { type Answers, at, type Bank, checkAnswers } from '../bank.ts';
import { createCurves, evaluate, informationOf, logProbabilityOf, warmTermOf } from '../models/curves.ts';

export interface PersonFit {
  /** ln likelihood of the responses at θ. */
  readonly l0: number;
  /** (l0 − E)/√Var (Drasgow, Levine & Williams 1985); with an estimated θ its variance is below 1. */
  readonly lz: number;
  /** lz with the mean and variance that an estimated θ leaves it (Snijders 2001); null with polytomous items. */
  readonly lz_star: number | null;
  readonly outfit: number;
  readonly infit: number;
}

/** How θ was estimated, which lz* must know. */
export type PersonFitEstimator = 'MLE' | 'MAP' | 'WLE';

export interface PersonFitOptions {
  readonly estimator?: PersonFitEstimator;
  /** Of MAP: N(mean, sd²), N(0, 1) by default. */
  readonly prior?: { readonly mean: number; readonly sd: number };
}

/**
 * How well one person's responses fit the model: below −1.645 (lz* below the 5 % quantile of N(0, 1)) the pattern is
 * less likely than it should be.
 *
 * Of dichotomous items, with w_i = ln P_i/Q_i: l0 − E = Σ (x − P) w. An estimate θ̂ solves Σ (x − P) r + r0 = 0 with
 * r_i = P'_i/(P_i Q_i), and r0 = 0 for MLE, −(θ − mean)/sd² for MAP, J/(2I) for WLE (Magis, Raîche & Béland 2012).
 * With c = Σ P' w/Σ P' r and w̃ = w − c r: lz* = (l0 − E + c r0)/√Σ w̃² P Q.
 *
 * @param theta the estimate
 * @throws RangeError for responses that do not belong to the bank, no responses, or a θ that is not finite
 */
export function personFit(
  bank: Bank,
  answers: Answers,
  theta: number,
  options: PersonFitOptions = {},
): PersonFit {
  checkAnswers(bank, answers);
  const { items, responses } = answers;
  if (items.length === 0) throw new RangeError('person fit needs at least one response');
  if (!Number.isFinite(theta)) throw new RangeError(`θ must be finite, not ${theta}`);
  const sums = { l0: 0, mean: 0, variance: 0, standardised: 0, squares: 0, scoreVariance: 0 };
  const curves = createCurves();
  for (let n = 0; n < items.length; n++) {
    evaluate(bank, at(items, n), theta, curves);
    const category = at(responses, n);
    let [mean, square, score, scoreSquare] = [0, 0, 0, 0];
    for (let k = 0; k < curves.categories; k++) {
      const p = at(curves.p, k);
      const logP = logProbabilityOf(curves, k);
      mean += p * logP;
      square += p * logP * logP;
      score += k * p;
      scoreSquare += k * k * p;
    }
    const scoreVariance = scoreSquare - score * score;
    sums.l0 += logProbabilityOf(curves, category);
    sums.mean += mean;
    sums.variance += square - mean * mean;
    sums.standardised += (category - score) ** 2 / scoreVariance;
    sums.squares += (category - score) ** 2;
    sums.scoreVariance += scoreVariance;
  }
  return {
    l0: sums.l0,
    lz: (sums.l0 - sums.mean) / Math.sqrt(sums.variance),
    lz_star: bank.dichotomous ? lzStar(bank, items, theta, sums.l0 - sums.mean, options) : null,
    outfit: sums.standardised / items.length,
    infit: sums.squares / sums.scoreVariance,
  };
}

function lzStar(
  bank: Bank,
  items: ArrayLike<number>,
  theta: number,
  above: number,
  options: PersonFitOptions,
): number {
  const curves = createCurves();
  const terms: { readonly w: number; readonly r: number; readonly pq: number }[] = [];
  let [information, warm, withW, withR] = [0, 0, 0, 0];
  for (let n = 0; n < items.length; n++) {
    evaluate(bank, at(items, n), theta, curves);
    const [q, p] = [at(curves.p, 0), at(curves.p, 1)];
    const w = logProbabilityOf(curves, 1) - logProbabilityOf(curves, 0);
    // P'/(PQ) = d ln P − d ln Q, since u of a right answer is P'/P and of a wrong one −P'/Q
    const r = at(curves.u, 1) - at(curves.u, 0);
    information += informationOf(curves);
    warm += warmTermOf(curves);
    withW += p * q * r * w;
    withR += p * q * r * r;
    terms.push({ w, r, pq: p * q });
  }
  const c = withW / withR;
  let variance = 0;
  for (const { w, r, pq } of terms) variance += (w - c * r) ** 2 * pq;
  return (above + c * offsetOf(options, theta, information, warm)) / Math.sqrt(variance);
}

/** r0. */
function offsetOf(
  { estimator = 'MLE', prior = { mean: 0, sd: 1 } }: PersonFitOptions,
  theta: number,
  information: number,
  warm: number,
): number {
  if (estimator === 'MAP') return -(theta - prior.mean) / prior.sd ** 2;
  return estimator === 'WLE' ? warm / (2 * information) : 0;
}
