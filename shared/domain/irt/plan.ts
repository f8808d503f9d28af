import { type Answers, type Bank, checkItem } from './bank.ts';
import { createGrid } from './estimate/grid.ts';
import { createEstimator } from './estimate/index.ts';
import { type Estimate, type EstimatorOptions, resolveBounds, resolvePrior } from './estimate/options.ts';
import { estimatorNames } from './names.ts';
import { type Content, type ContentOptions, prepareContent } from './select/content.ts';
import { type CriterionOptions, checkCriterion } from './select/criteria.ts';
import { checkExposure, defaultExposure, type ExposureOptions } from './select/exposure.ts';
import { checkStoppingRules, type StoppingRules } from './stop.ts';

/** How an adaptive test is run, as it is stored with an exam plan; items are indices in the plan's bank. */
export interface TestPlan {
  /** EAP with 41 nodes on [−5, 5] and prior N(0, 1) by default. */
  readonly estimator?: EstimatorOptions | undefined;
  /** Estimates once more at the end; the provisional estimator by default. */
  readonly final_estimator?: EstimatorOptions | undefined;
  /** MFI by default. */
  readonly selection?: CriterionOptions | undefined;
  /** Randomesque 5 for the first five items by default; null for none. */
  readonly exposure?: ExposureOptions | null | undefined;
  readonly content?: ContentOptions | undefined;
  /** SE <= .30 or 30 items by default. */
  readonly stop?: StoppingRules | undefined;
  /** Where the test starts: θ (the prior's mean by default), and items that everybody is given first. */
  readonly start?:
    | { readonly theta?: number | undefined; readonly items?: readonly number[] | undefined }
    | undefined;
  /** Items on trial: `count` of them are given unscored, between the answers `first` and `last`, drawn by the seed. */
  readonly pilot?: PilotOptions | undefined;
  /** For each item, in seconds; what is not answered in time counts as category 0. */
  readonly item_time_limit_s?: number | undefined;
}

export interface PilotOptions {
  readonly items: readonly number[];
  readonly count: number;
  /** Earliest and latest position, counted from 0; 2 and the end by default. */
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

/** A plan on its bank, checked and prepared; immutable, shared by any number of sessions. */
export interface AdaptiveTest {
  readonly bank: Bank;
  readonly plan: TestPlan;
  readonly estimator: EstimatorOptions;
  /** Provisional and final θ of answers; without any, the start's θ and the prior's sd. */
  readonly estimate: (answers: Answers) => Estimate;
  readonly estimateFinally: (answers: Answers) => Estimate;
  readonly selection: CriterionOptions;
  readonly exposure: ExposureOptions;
  readonly content: Content;
  readonly stop: StoppingRules;
  readonly start: { readonly theta: number; readonly items: readonly number[] };
  readonly pilots: ReadonlySet<number>;
}

/**
 * Checks a plan against its bank and fills in the defaults.
 * @throws RangeError or TypeError naming the setting that is out of range or does not fit the bank
 */
export function createTest(bank: Bank, plan: TestPlan = {}): AdaptiveTest {
  const { estimator = { method: 'EAP' }, selection = { criterion: 'MFI' } } = plan;
  for (const options of [estimator, plan.final_estimator ?? estimator]) checkEstimator(options);
  checkCriterion(selection);
  const exposure = plan.exposure === undefined ? defaultExposure : (plan.exposure ?? {});
  checkExposure(bank, exposure);
  const stop = plan.stop ?? { max_items: 30, se: 0.3 };
  checkStoppingRules(stop);
  const { theta = resolvePrior(estimator.prior).mean, items = [] } = plan.start ?? {};
  if (!Number.isFinite(theta)) throw new RangeError(`start θ must be finite, not ${theta}`);
  const pilots = new Set(plan.pilot?.items);
  for (const item of [...items, ...pilots]) checkItem(bank, item);
  checkPilots(plan, stop);
  if (bank.size - pilots.size < stop.max_items)
    throw new RangeError(`${bank.size - pilots.size} items cannot make a test of ${stop.max_items}`);
  const content = prepareContent(bank, plan.content ?? {});
  const beginning: Estimate = { theta, se: resolvePrior(estimator.prior).sd, at_bound: false };
  const estimated = (options: EstimatorOptions) => {
    const prepared = createEstimator(bank, options);
    return (answers: Answers) => (answers.items.length === 0 ? beginning : prepared(answers));
  };
  return {
    bank,
    plan,
    estimator,
    estimate: estimated(estimator),
    estimateFinally: estimated(plan.final_estimator ?? estimator),
    selection,
    exposure,
    content,
    stop,
    start: { theta, items },
    pilots,
  };
}

function checkEstimator(options: EstimatorOptions): void {
  if (!estimatorNames.includes(options.method))
    throw new TypeError(`unknown estimator ${String(options.method)}`);
  resolvePrior(options.prior);
  resolveBounds(options.bounds);
  createGrid(options.quadrature);
}

function checkPilots({ pilot, item_time_limit_s: limit, start }: TestPlan, stop: StoppingRules): void {
  if (limit !== undefined && !(limit > 0))
    throw new RangeError(`item_time_limit_s must be positive, not ${limit}`);
  if (pilot === undefined) return;
  const { items, count, first = 2, last = stop.max_items } = pilot;
  if (!Number.isInteger(count) || count < 0 || count > new Set(items).size)
    throw new RangeError(`${count} pilot items cannot be drawn from ${items.length}`);
  if (!(Number.isInteger(first) && Number.isInteger(last) && first >= 0 && last - first + 1 >= count))
    throw new RangeError(`${count} pilot items do not fit between answers ${first} and ${last}`);
  if (start?.items?.some((item) => items.includes(item)))
    throw new RangeError('an item on trial cannot be one of the start items');
}
