import type { Responses } from '../calibrate/responses.ts';
import { chiSquareUpper } from '../fit/distributions.ts';
import { type DifClass, type DifOptions, type MatchedAnswer, matchedAnswers, studied } from './groups.ts';

export interface MantelHaenszel {
  readonly item: number;
  /** Common odds ratio, reference to focal group: above 1 the item is harder for the focal group. */
  readonly alpha: number;
  /** −2.35 ln α: in ETS's delta units; negative where the item is harder for the focal group. */
  readonly delta: number;
  /** Standard error of delta (Robins, Breslow & Greenland 1986). */
  readonly delta_se: number;
  /** χ² with one degree of freedom, with continuity correction. */
  readonly chi_square: number;
  readonly p: number;
  /** ETS (Zieky 1993); null where there are no common strata. */
  readonly class: DifClass | null;
}

/** Persons of one matching score. */
interface Stratum {
  referenceRight: number;
  referenceWrong: number;
  focalRight: number;
  focalWrong: number;
}

const DELTA = -2.35;
const SIGNIFICANT = 0.05;
/** 5 % quantile, one-sided, of the normal distribution. */
const ONE_SIDED = 1.6448536269514722;

/**
 * Differential item functioning by Mantel & Haenszel (Holland & Thayer 1988): persons are matched by score, and the
 * odds of a right answer are compared between the groups within each score.
 *
 * ETS classes: A if |delta| < 1 or χ² is not significant at 5 %; C if |delta| ≥ 1.5 and significantly above 1
 * (one-sided, 5 %); B otherwise.
 *
 * @param focal for each row whether it belongs to the focal group (true, 1) or the reference group (false, 0)
 * @throws RangeError as `matchedAnswers`
 */
export function difMantelHaenszel(
  responses: Responses,
  focal: ArrayLike<boolean | number>,
  options: DifOptions = {},
): MantelHaenszel[] {
  return studied(responses, options).map((item) =>
    testOf(item, strataOf(matchedAnswers(responses, focal, item, options))),
  );
}

function strataOf(answers: readonly MatchedAnswer[]): Stratum[] {
  const strata = new Map<number, Stratum>();
  for (const { right, focal, score, count } of answers) {
    const none: Stratum = { referenceRight: 0, referenceWrong: 0, focalRight: 0, focalWrong: 0 };
    const stratum = strata.get(score) ?? none;
    strata.set(score, stratum);
    if (focal && right) stratum.focalRight += count;
    else if (focal) stratum.focalWrong += count;
    else if (right) stratum.referenceRight += count;
    else stratum.referenceWrong += count;
  }
  return [...strata.values()];
}

function testOf(item: number, strata: readonly Stratum[]): MantelHaenszel {
  let [right, wrong, excess, variance, first, mixed, last] = [0, 0, 0, 0, 0, 0, 0];
  for (const { referenceRight: a, referenceWrong: b, focalRight: c, focalWrong: d } of strata) {
    const n = a + b + c + d;
    if (n < 2) continue;
    const [ad, bc] = [(a * d) / n, (b * c) / n];
    const [agree, differ] = [(a + d) / n, (b + c) / n];
    right += ad;
    wrong += bc;
    excess += a - ((a + b) * (a + c)) / n;
    variance += ((a + b) * (c + d) * (a + c) * (b + d)) / (n * n * (n - 1));
    first += agree * ad;
    mixed += agree * bc + differ * ad;
    last += differ * bc;
  }
  const alpha = right / wrong;
  const delta = DELTA * Math.log(alpha);
  // the correction never turns a difference round
  const corrected = Math.max(0, Math.abs(excess) - 0.5);
  const chi_square = corrected ** 2 / variance;
  const logVariance = first / (2 * right * right) + mixed / (2 * right * wrong) + last / (2 * wrong * wrong);
  const delta_se = Math.abs(DELTA) * Math.sqrt(logVariance);
  const tested = variance > 0;
  const p = tested ? chiSquareUpper(chi_square, 1) : Number.NaN;
  return { item, alpha, delta, delta_se, chi_square, p, class: tested ? etsClass(delta, delta_se, p) : null };
}

/** @param p of the test that delta is 0 */
export function etsClass(delta: number, delta_se: number, p: number): DifClass {
  const size = Math.abs(delta);
  if (size < 1 || p >= SIGNIFICANT) return 'A';
  return size >= 1.5 && !(size - ONE_SIDED * delta_se <= 1) ? 'C' : 'B';
}
