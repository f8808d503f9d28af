import { at, createBank, type ItemParameters } from '../bank.ts';
import { type CalibratedModel, calibratedModels } from '../names.ts';
import { type Ascent, ascend, type ConvergenceReport, type Precision } from './ascend.ts';
import { errorsAt, type Intercepts, type ItemErrors, interceptsAt, parametersAt } from './estimates.ts';
import { type ItemPlan, layoutOf } from './layout.ts';
import type { LatentKind } from './marginal.ts';
import { checkPriors, defaultGuessingPrior, type Priors } from './priors.ts';
import { categoryCounts, patternsOf, type Responses } from './responses.ts';
import { startingValues } from './start.ts';

export interface CalibrationOptions {
  /** One model for all items, or one for each; 2PL by default. */
  readonly model?: CalibratedModel | readonly CalibratedModel[];
  /** Scaling constant of the bank: 1 by default, or 1.702. */
  readonly D?: number;
  /** Items whose parameters stay (fixed-parameter calibration), by index; null or undefined: calibrated. */
  readonly fixed?: readonly (ItemParameters | null | undefined)[];
  /**
   * How θ is distributed. `fixed`: N(mean, sd²) as given. `normal`: mean and sd are estimated, beside fixed items.
   * `histogram`: weights at the nodes are estimated, each for itself (Kim 2006), beside fixed items. By default
   * `fixed` with N(0, 1), or `normal` where items are fixed.
   */
  readonly latent?: { readonly kind?: LatentKind; readonly mean?: number; readonly sd?: number };
  readonly priors?: Priors;
  /** `normal`: within 1e-4 of the maximum; `tight`: within 1e-6 (a finer and wider grid). */
  readonly mode?: 'normal' | 'tight';
  /** Categories of each item; by default one more than the highest that was answered. */
  readonly categories?: readonly number[];
  /** Most cycles of EM, of about three E-steps each; 500 by default. */
  readonly max_cycles?: number;
  /** Standard errors from the observed information; true by default. Without them Newton's last steps are left out. */
  readonly standard_errors?: boolean;
}

export interface CalibratedItem extends Intercepts {
  /** As `createBank` takes them, if a > 0. */
  readonly parameters: ItemParameters;
  readonly fixed: boolean;
  /** Persons who answered it. */
  readonly answered: number;
  /** null for fixed items, and where the information is not positive definite. */
  readonly standard_errors: ItemErrors | null;
  /** What a person should look at before using the item. */
  readonly warnings: readonly CalibrationWarning[];
}

/** Negative slope · |α| > 6 · |b| > 6 · c not held down by data or prior. */
export type CalibrationWarning = 'negative_slope' | 'steep_slope' | 'extreme_difficulty' | 'high_guessing';

export interface Calibration {
  readonly items: readonly CalibratedItem[];
  readonly D: number;
  /** Σ over persons of ln of the marginal probability of their responses, without priors. */
  readonly log_likelihood: number;
  /** ln density of the priors at the estimates. */
  readonly log_prior: number;
  /** −2 log_likelihood + 2 parameters, and + parameters · ln persons. */
  readonly aic: number;
  readonly bic: number;
  readonly persons: number;
  /** Number of estimated parameters; of a histogram, nodes − 1 more. */
  readonly parameters: number;
  readonly latent: {
    readonly kind: LatentKind;
    readonly mean: number;
    readonly sd: number;
    /** Of mean and sd, where they are estimated. */
    readonly standard_errors: { readonly mean: number; readonly sd: number } | null;
    readonly theta: Float64Array;
    readonly weights: Float64Array;
  };
  readonly report: ConvergenceReport;
}

/**
 * Item calibration by marginal maximum likelihood, with priors marginal maximum a posteriori (Bock & Aitkin 1981;
 * Mislevy 1986): maximises Σ_persons ln ∫ Π_i P_i(x_i | θ) dF(θ) + ln prior. Unanswered items do not count
 * (missing at random). EM on a rectangular grid, sped up by SQUAREM, then Newton's steps with the observed
 * information (Louis 1982), which also gives standard errors and says how far the maximum is.
 *
 * 1PL has one slope for all its items, with θ ~ N(0, 1). GRM and GPCM as in the bank.
 *
 * @param responses see `responsesOf`
 * @throws RangeError for items that cannot be calibrated (nobody, or everybody, in one category), all named at once;
 * for options that contradict each other or the responses; for so many responses that they need more than 4 GiB.
 * Error where WebAssembly or its SIMD is missing
 */
export function calibrate(responses: Responses, options: CalibrationOptions = {}): Calibration {
  const { D = 1, mode = 'normal', max_cycles = 500, standard_errors = true } = options;
  const plans = plansOf(responses, options);
  const kind = latentKind(plans, options);
  const { mean = 0, sd = 1 } = options.latent ?? {};
  if (!(sd > 0 && Number.isFinite(sd) && Number.isFinite(mean)))
    throw new RangeError(`θ cannot have mean ${mean} and standard deviation ${sd}`);
  if (!(D > 0 && Number.isFinite(D))) throw new RangeError(`D must be positive, not ${D}`);
  const guesses = options.priors?.c === undefined ? defaultGuessingPrior : options.priors.c;
  const priors: Priors = { ...options.priors, c: guesses };
  checkPriors(priors);
  const layout = layoutOf(plans, D, kind === 'normal');
  const patterns = patternsOf(
    responses,
    plans.map(({ categories }) => categories),
  );
  if (patterns.rows === 0) throw new RangeError('nobody answered anything');
  const values = startingValues(layout, responses, priors, mean, sd);
  const precision: Precision = { mode, mostCycles: max_cycles, newton: standard_errors };
  const ascent = ascend({ patterns, layout, priors, latent: kind }, values, precision);
  const { log_likelihood, log_prior, logWeights } = ascent.marginal;
  const parameters = ascent.layout.parameters + (kind === 'histogram' ? logWeights.length - 1 : 0);
  return {
    items: plans.map((_, item) => calibratedItem(responses, values, ascent, item)),
    D,
    log_likelihood,
    log_prior,
    aic: -2 * log_likelihood + 2 * parameters,
    bic: -2 * log_likelihood + parameters * Math.log(patterns.persons),
    persons: patterns.persons,
    parameters,
    latent: latentOf(kind, values, ascent),
    report: ascent.report,
  };
}

function calibratedItem(
  responses: Responses,
  values: Float64Array,
  { layout, covariance }: Ascent,
  item: number,
): CalibratedItem {
  const kept = layout.items[item]?.fixed;
  const parameters = parametersAt(layout, values, item);
  const answered = categoryCounts(responses, item).reduce((sum, count) => sum + count, 0);
  if (kept !== undefined)
    return {
      parameters,
      ...interceptsOf(kept, layout.D),
      fixed: true,
      answered,
      standard_errors: null,
      warnings: [],
    };
  return {
    parameters,
    ...interceptsAt(layout, values, item),
    fixed: false,
    answered,
    standard_errors: covariance === null ? null : errorsAt(layout, values, covariance, item),
    warnings: warningsOf(parameters, layout.D),
  };
}

function latentOf(
  kind: LatentKind,
  values: Float64Array,
  { marginal, layout, covariance }: Ascent,
): Calibration['latent'] {
  const errorOf = (value: number): number => {
    const p = at(layout.free, value);
    return covariance === null ? Number.NaN : Math.sqrt(at(covariance, p * layout.parameters + p));
  };
  const known = kind === 'normal' && covariance !== null;
  return {
    kind,
    mean: at(values, layout.mean),
    sd: at(values, layout.sd),
    standard_errors: known ? { mean: errorOf(layout.mean), sd: errorOf(layout.sd) } : null,
    theta: marginal.expectation.grid.theta,
    weights: marginal.logWeights.map(Math.exp),
  };
}

function plansOf(responses: Responses, options: CalibrationOptions): ItemPlan[] {
  const { model = '2PL', fixed = [], categories } = options;
  const { items } = responses;
  const sized = [
    ['models', typeof model === 'string' ? items : model.length],
    ['categories', categories?.length ?? items],
  ] as const;
  for (const [what, length] of sized)
    if (length !== items) throw new RangeError(`${items} items have ${length} ${what}`);
  if (fixed.length > items) throw new RangeError(`${items} items have ${fixed.length} fixed parameters`);
  const problems: string[] = [];
  const plans = Array.from({ length: items }, (_, item): ItemPlan => {
    const counts = categoryCounts(responses, item);
    const kept = fixed[item] ?? undefined;
    const named = typeof model === 'string' ? model : (model[item] ?? '2PL');
    const plan = kept === undefined ? freePlan(named, counts, categories?.[item]) : fixedPlan(kept, item);
    const problem = problemOf(plan, counts, options.priors);
    if (problem !== undefined) problems.push(`item ${item}: ${problem}`);
    return plan;
  });
  if (problems.length > 0) throw new RangeError(`these items cannot be calibrated: ${problems.join('; ')}`);
  return plans;
}

function freePlan(model: CalibratedModel, counts: Float64Array, categories: number | undefined): ItemPlan {
  if (!calibratedModels.includes(model)) throw new TypeError(`there is no calibration of ${String(model)}`);
  const polytomous = model === 'GRM' || model === 'GPCM';
  return { model, categories: polytomous ? Math.max(2, categories ?? counts.length) : 2 };
}

function fixedPlan(fixed: ItemParameters, item: number): ItemPlan {
  const bank = createBank([fixed]);
  if (bank.size !== 1) throw new RangeError(`item ${item} has no parameters`);
  return { model: fixed.model, categories: at(bank.categories, 0), fixed };
}

function problemOf(plan: ItemPlan, counts: Float64Array, priors: Priors | undefined): string | undefined {
  if (counts.length > plan.categories) return `category ${counts.length - 1} is none of ${plan.categories}`;
  if (plan.fixed !== undefined) return undefined;
  if (counts.length === 0) return 'nobody answered it';
  if (priors?.b !== undefined && plan.model !== 'GRM') return undefined;
  const empty = Array.from({ length: plan.categories }, (_, k) => k).find((k) => !((counts[k] ?? 0) > 0));
  return empty === undefined ? undefined : `nobody answered category ${empty}`;
}

function latentKind(plans: readonly ItemPlan[], { latent }: CalibrationOptions): LatentKind {
  const anyFixed = plans.some(({ fixed }) => fixed !== undefined);
  const kind = latent?.kind ?? (anyFixed && latent === undefined ? 'normal' : 'fixed');
  if (kind !== 'fixed' && !anyFixed)
    throw new RangeError('the distribution of θ can be estimated only beside items with fixed parameters');
  return kind;
}

function interceptsOf(parameters: ItemParameters, D: number): Intercepts {
  const slope = D * (parameters.a ?? 1);
  const thresholds = 'thresholds' in parameters ? parameters.thresholds : [parameters.b];
  return { slope, intercepts: thresholds.map((b) => -slope * b) };
}

function warningsOf(parameters: ItemParameters, D: number): CalibrationWarning[] {
  const { a = 1 } = parameters;
  const thresholds = 'thresholds' in parameters ? parameters.thresholds : [parameters.b];
  const found: [boolean, CalibrationWarning][] = [
    [a < 0, 'negative_slope'],
    [Math.abs(D * a) > 6, 'steep_slope'],
    [thresholds.some((b) => Math.abs(b) > 6), 'extreme_difficulty'],
    ['c' in parameters && parameters.c > 0.5, 'high_guessing'],
  ];
  return found.filter(([holds]) => holds).map(([, warning]) => warning);
}
