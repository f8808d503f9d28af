import { type Answers, at, type Bank } from './bank.ts';
import { createCurves, evaluate, logProbabilityOf } from './models/curves.ts';
import { normalQuantile } from './normal.ts';

/** When a test ends. `max_items` always ends it; of the others any, or with `combine: 'all'` all that are given. */
export interface StoppingRules {
  readonly max_items: number;
  /** No other rule but time ends the test before; 1 by default. */
  readonly min_items?: number | undefined;
  /** The standard error is at most this. */
  readonly se?: number | undefined;
  /** θ's confidence interval lies between two neighbouring bounds, or beyond an outer one (catsim). */
  readonly confidence_interval?:
    | { readonly bounds: readonly number[]; readonly confidence?: number | undefined }
    | undefined;
  /** θ's confidence interval does not contain the cut (Weiss & Kingsbury 1984). */
  readonly classification?: { readonly cut: number; readonly confidence?: number | undefined } | undefined;
  /** Wald's sequential probability ratio test of θ = cut + delta against cut − delta (Reckase 1983). */
  readonly sprt?: SprtOptions | undefined;
  /** No item left has this information at θ. */
  readonly min_information?: number | undefined;
  /** The last answer moved θ by at most this. */
  readonly theta_change?: number | undefined;
  /** The standard errors after the last `items` answers are within `tolerance` of their mean (jsCAT). */
  readonly plateau?: { readonly items: number; readonly tolerance: number } | undefined;
  /** For the whole test, in seconds. */
  readonly time_limit_s?: number | undefined;
  readonly combine?: 'any' | 'all' | undefined;
}

export interface SprtOptions {
  readonly cut: number;
  /** Half the indifference region's width. */
  readonly delta: number;
  /** Probability of deciding `above` at cut − delta; 0.05 by default. */
  readonly alpha?: number | undefined;
  /** Probability of deciding `below` at cut + delta; 0.05 by default. */
  readonly beta?: number | undefined;
}

const statisticalRules = [
  'se',
  'confidence_interval',
  'classification',
  'sprt',
  'theta_change',
  'plateau',
  'min_information',
] as const;
type StatisticalRule = (typeof statisticalRules)[number];

export type StopReason = StatisticalRule | 'max_items' | 'time_limit' | 'bank_exhausted' | 'abandoned';

/** Where a test stands. What costs something is a function, asked only by the rules that need it. */
export interface Evidence {
  readonly bank: Bank;
  /** Scored answers. */
  readonly answers: Answers;
  readonly theta: number;
  readonly se: number;
  /** θ before the last answer. */
  readonly theta_before: number;
  readonly elapsed_s: number;
  /** Standard errors after the last `count` answers, the present one last; fewer if there were fewer. */
  readonly errors: (count: number) => readonly number[];
  /** The most information that an item left has at θ. */
  readonly most_information: () => number;
}

/** @throws RangeError naming the rule whose setting is out of range */
export function checkStoppingRules(rules: StoppingRules): void {
  const fail = (rule: string, value: unknown): never => {
    throw new RangeError(`stopping rule ${rule} cannot be ${JSON.stringify(value)}`);
  };
  const { max_items, min_items = 1, plateau, sprt, confidence_interval: interval } = rules;
  if (!Number.isInteger(max_items) || max_items < 1) fail('max_items', max_items);
  if (!Number.isInteger(min_items) || min_items < 0 || min_items > max_items) fail('min_items', min_items);
  for (const rule of ['se', 'time_limit_s', 'min_information', 'theta_change'] as const)
    if (rules[rule] !== undefined && !(rules[rule] > 0)) fail(rule, rules[rule]);
  if (
    plateau !== undefined &&
    !(Number.isInteger(plateau.items) && plateau.items >= 2 && plateau.tolerance >= 0)
  )
    fail('plateau', plateau);
  for (const rule of [interval, rules.classification]) {
    const confidence = rule?.confidence ?? 0.95;
    if (!(confidence > 0 && confidence < 1)) fail('confidence', confidence);
  }
  if (interval !== undefined) {
    const { bounds } = interval;
    if (bounds.length === 0 || !bounds.every((bound, k) => k === 0 || bound > at(bounds, k - 1)))
      fail('confidence_interval', interval);
  }
  if (sprt === undefined) return;
  const { delta, alpha = 0.05, beta = 0.05 } = sprt;
  if (!(delta > 0 && alpha > 0 && beta > 0 && alpha + beta < 1)) fail('sprt', sprt);
}

/** Why the test ends now, or null if it goes on. */
export function stopReason(rules: StoppingRules, evidence: Evidence): StopReason | null {
  const answered = evidence.answers.items.length;
  if (rules.time_limit_s !== undefined && evidence.elapsed_s >= rules.time_limit_s) return 'time_limit';
  if (answered >= Math.max(1, rules.min_items ?? 1)) {
    const given = statisticalRules.filter((rule) => rules[rule] !== undefined);
    const met = given.filter((rule) => isMet(rule, rules, evidence));
    const [first] = met;
    if (first !== undefined && (rules.combine !== 'all' || met.length === given.length)) return first;
  }
  return answered >= rules.max_items ? 'max_items' : null;
}

function isMet(rule: StatisticalRule, rules: StoppingRules, evidence: Evidence): boolean {
  const { bank, answers, theta, se } = evidence;
  switch (rule) {
    case 'se':
      return rules.se !== undefined && se <= rules.se;
    case 'confidence_interval':
      return (
        rules.confidence_interval !== undefined && intervalDecision(theta, se, rules.confidence_interval) >= 0
      );
    case 'classification':
      return rules.classification !== undefined && classify(theta, se, rules.classification) !== null;
    case 'sprt':
      return rules.sprt !== undefined && sprtDecision(bank, answers, rules.sprt) !== null;
    case 'theta_change':
      return (
        rules.theta_change !== undefined && Math.abs(theta - evidence.theta_before) <= rules.theta_change
      );
    case 'plateau':
      return rules.plateau !== undefined && isFlat(evidence.errors(rules.plateau.items), rules.plateau);
    case 'min_information':
      return rules.min_information !== undefined && evidence.most_information() < rules.min_information;
  }
}

function isFlat(
  errors: readonly number[],
  { items, tolerance }: { items: number; tolerance: number },
): boolean {
  if (errors.length < items) return false;
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return errors.every((error) => Math.abs(error - mean) <= tolerance);
}

/** Half the width of θ's two-sided confidence interval. */
const halfWidth = (se: number, confidence: number): number => se * normalQuantile((1 + confidence) / 2);

/**
 * Which piece of the line, cut by rising `bounds`, holds the whole confidence interval θ ± z SE: 0 below the first, …,
 * bounds.length above the last; −1 if it spans several.
 */
export function intervalDecision(
  theta: number,
  se: number,
  { bounds, confidence = 0.95 }: NonNullable<StoppingRules['confidence_interval']>,
): number {
  const half = halfWidth(se, confidence);
  const pieceOf = (value: number) => bounds.filter((bound) => bound <= value).length;
  const piece = pieceOf(theta - half);
  return piece === pieceOf(theta + half) ? piece : -1;
}

/** On which side of the cut the confidence interval θ ± z SE lies; null if it contains the cut. */
export function classify(
  theta: number,
  se: number,
  { cut, confidence = 0.95 }: NonNullable<StoppingRules['classification']>,
): 'above' | 'below' | null {
  const half = halfWidth(se, confidence);
  if (theta - half >= cut) return 'above';
  return theta + half <= cut ? 'below' : null;
}

const curves = createCurves();

/** ln L(cut + delta) − ln L(cut − delta) of the answers, the statistic of the sequential probability ratio test. */
export function sprtLogRatio(bank: Bank, answers: Answers, { cut, delta }: SprtOptions): number {
  let ratio = 0;
  for (let k = 0; k < answers.items.length; k++) {
    const item = at(answers.items, k);
    const response = at(answers.responses, k);
    evaluate(bank, item, cut + delta, curves);
    ratio += logProbabilityOf(curves, response);
    evaluate(bank, item, cut - delta, curves);
    ratio -= logProbabilityOf(curves, response);
  }
  return ratio;
}

/** Wald's bounds (1947): ln(β/(1 − α)) and ln((1 − β)/α). */
export const sprtBounds = ({
  alpha = 0.05,
  beta = 0.05,
}: SprtOptions): { readonly lower: number; readonly upper: number } => ({
  lower: Math.log(beta / (1 - alpha)),
  upper: Math.log((1 - beta) / alpha),
});

/** `above` or `below` once the log ratio has reached a bound, else null. */
export function sprtDecision(bank: Bank, answers: Answers, options: SprtOptions): 'above' | 'below' | null {
  const ratio = sprtLogRatio(bank, answers, options);
  const { lower, upper } = sprtBounds(options);
  if (ratio >= upper) return 'above';
  return ratio <= lower ? 'below' : null;
}
