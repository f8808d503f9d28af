import type { ExamPlan } from '#shared/contracts/exam-plans.ts';
import { examConfig } from '#shared/contracts/exam-shapes.ts';
import { instantOf, typedOf } from '../../app/zone.ts';
import { numberOf } from '../teaching/typed-numbers.ts';

/** A share of the items that a group should have, as typed. */
export interface ShareDraft {
  readonly name: string;
  readonly share: string;
}
/** How many items of a kind a test has. */
export interface ConstraintDraft {
  readonly by: string;
  readonly value: string;
  readonly min: string;
  readonly max: string;
  readonly weight: string;
  /** Of `items`, which no value names. */
  readonly items: readonly string[];
}

/** A plan as it is being written: what was typed, with an empty text for what is left out. */
export interface PlanDraft {
  readonly name: string;
  readonly description: string;
  readonly exam_type: string;
  readonly bank_id: string;
  readonly class_ids: readonly string[];
  readonly opens_at: string;
  readonly closes_at: string;
  readonly max_sessions: string;
  readonly min_days_between: string;
  readonly when: string;
  readonly show: string;
  readonly show_answers: boolean;
  readonly min_items: string;
  readonly max_items: string;
  readonly se: string;
  readonly time_limit_min: string;
  readonly item_time_limit_s: string;
  readonly start_theta: string;
  readonly start_items: readonly string[];
  readonly method: string;
  readonly prior_mean: string;
  readonly prior_sd: string;
  readonly nodes: string;
  readonly grid_min: string;
  readonly grid_max: string;
  readonly bound_min: string;
  readonly bound_max: string;
  /** Empty: as during the test. */
  readonly final_method: string;
  /** A final estimator with settings of its own, as the API takes it; the form keeps it while its method stays. */
  readonly final_own: Config['final_estimator'];
  readonly criterion: string;
  readonly offset: string;
  readonly half_width: string;
  readonly acceleration: string;
  readonly strata: string;
  readonly blocking: boolean;
  readonly randomesque: boolean;
  readonly random_size: string;
  readonly random_items: string;
  readonly r_max: string;
  readonly eligibility: string;
  readonly target: string;
  readonly target_from: string;
  readonly content_by: string;
  readonly shares: readonly ShareDraft[];
  readonly enemies: readonly (readonly string[])[];
  readonly constraints: readonly ConstraintDraft[];
  /** What the constraints are for: `deviations` are weighed, a `shadow` test keeps them. */
  readonly constraint_kind: string;
  readonly criterion_weight: string;
  readonly ci_bounds: string;
  readonly ci_confidence: string;
  readonly class_cut: string;
  readonly class_confidence: string;
  readonly sprt_cut: string;
  readonly sprt_delta: string;
  readonly sprt_alpha: string;
  readonly sprt_beta: string;
  readonly min_information: string;
  readonly theta_change: string;
  readonly plateau_items: string;
  readonly plateau_tolerance: string;
  readonly combine: string;
  readonly pilot_count: string;
  readonly pilot_first: string;
  readonly pilot_last: string;
}

type Config = NonNullable<ExamPlan['config']>;
const typed = (value: number | null | undefined): string => (value == null ? '' : String(value));

export const newPlan = (): PlanDraft => ({
  name: '',
  description: '',
  exam_type: 'practice',
  bank_id: '',
  class_ids: [],
  opens_at: '',
  closes_at: '',
  max_sessions: '',
  min_days_between: '',
  when: 'after_session',
  show: 'score',
  show_answers: false,
  ...ofConfig(examConfig.parse({})),
});

export const draftOfPlan = (plan: ExamPlan, zone: string): PlanDraft => ({
  name: plan.name,
  description: plan.description ?? '',
  exam_type: plan.exam_type,
  bank_id: plan.bank_id,
  class_ids: plan.class_ids,
  opens_at: typedOf(plan.opens_at, zone),
  closes_at: typedOf(plan.closes_at, zone),
  max_sessions: typed(plan.max_sessions),
  min_days_between: typed(plan.min_days_between),
  when: plan.feedback.when,
  show: plan.feedback.show,
  show_answers: plan.feedback.show_answers,
  ...ofConfig(plan.config ?? examConfig.parse({})),
});

function ofConfig(config: Config) {
  const { start, stop, pilot } = config;
  return {
    min_items: typed(stop.min_items),
    max_items: typed(stop.max_items),
    se: typed(stop.se),
    time_limit_min: stop.time_limit_s === null ? '' : String(stop.time_limit_s / 60),
    item_time_limit_s: typed(config.item_time_limit_s),
    start_theta: typed(start.theta),
    start_items: start.items,
    pilot_count: typed(pilot?.count),
    pilot_first: typed(pilot?.first),
    pilot_last: typed(pilot?.last),
    ...ofEstimator(config),
    ...ofSelection(config),
    ...ofContent(config),
    ...ofStop(config),
  };
}

const ofEstimator = ({ estimator, final_estimator }: Config) => ({
  ...estimatorDraft(estimator),
  final_method: final_estimator?.method ?? '',
  final_own: final_estimator && !differsInMethodOnly(final_estimator, estimator) ? final_estimator : null,
});

type Estimator = Config['estimator'];
const differsInMethodOnly = (one: Estimator, other: Estimator): boolean =>
  JSON.stringify(estimatorDraft({ ...one, method: other.method })) === JSON.stringify(estimatorDraft(other));

const estimatorDraft = ({ method, prior, quadrature, bounds }: Estimator) => ({
  method,
  prior_mean: typed(prior.mean),
  prior_sd: typed(prior.sd),
  nodes: typed(quadrature.nodes),
  grid_min: typed(quadrature.min),
  grid_max: typed(quadrature.max),
  bound_min: typed(bounds.min),
  bound_max: typed(bounds.max),
});

const ofSelection = ({ selection, exposure }: Config) => ({
  criterion: selection.criterion,
  offset: typed(selection.offset),
  half_width: typed(selection.half_width),
  acceleration: typed(selection.acceleration),
  strata: typed(selection.strata),
  blocking: selection.blocking ?? false,
  randomesque: exposure.randomesque !== null,
  random_size: typed(exposure.randomesque?.size ?? 5),
  random_items: typed(exposure.randomesque === null ? 5 : exposure.randomesque.items),
  r_max: typed(exposure.r_max),
  eligibility: typed(exposure.eligibility?.r_max),
  target: typed(exposure.sympson_hetter?.target),
  target_from: typed(exposure.sympson_hetter?.from ?? 5),
});

const ofContent = ({ content }: Config) => ({
  content_by: content.by ?? '',
  shares: Object.entries(content.proportions).map(([name, share]) => ({ name, share: String(share) })),
  enemies: content.enemies,
  constraints: (content.shadow ?? content.deviations)?.constraints.map(constraintDraft) ?? [],
  constraint_kind: content.deviations !== null && content.shadow === null ? 'deviations' : 'shadow',
  criterion_weight: typed(content.deviations?.criterion_weight ?? 1),
});

type Constraint = NonNullable<Config['content']['shadow']>['constraints'][number];
const constraintDraft = (constraint: Constraint): ConstraintDraft => ({
  by: constraint.by,
  value: constraint.by === 'items' ? '' : constraint.value,
  items: constraint.by === 'items' ? constraint.items : [],
  min: typed(constraint.min),
  max: typed(constraint.max),
  weight: typed(constraint.weight),
});

const ofStop = ({ stop }: Config) => ({
  ci_bounds: stop.confidence_interval?.bounds.join('; ') ?? '',
  ci_confidence: typed(stop.confidence_interval?.confidence),
  class_cut: typed(stop.classification?.cut),
  class_confidence: typed(stop.classification?.confidence),
  sprt_cut: typed(stop.sprt?.cut),
  sprt_delta: typed(stop.sprt?.delta),
  sprt_alpha: typed(stop.sprt?.alpha),
  sprt_beta: typed(stop.sprt?.beta),
  min_information: typed(stop.min_information),
  theta_change: typed(stop.theta_change),
  plateau_items: typed(stop.plateau?.items),
  plateau_tolerance: typed(stop.plateau?.tolerance),
  combine: stop.combine,
});

const isEmpty = (value: string): boolean => value.trim() === '';
/** A number, or what was typed instead; null where nothing was. */
const numberOrNull = (value: string) => (isEmpty(value) ? null : numberOf(value));
/** The same for what is left out when it is empty. */
const optional = <K extends string>(name: K, value: string) =>
  // one entry of that name, or none
  (isEmpty(value) ? {} : { [name]: numberOf(value) }) as Partial<Record<K, number | string>>;

export function bodyOfPlan(draft: PlanDraft, zone: string) {
  return {
    name: draft.name.trim(),
    description: isEmpty(draft.description) ? null : draft.description.trim(),
    exam_type: draft.exam_type,
    bank_id: draft.bank_id,
    class_ids: draft.class_ids,
    opens_at: instantOf(draft.opens_at, zone),
    closes_at: instantOf(draft.closes_at, zone),
    max_sessions: numberOrNull(draft.max_sessions),
    min_days_between: numberOrNull(draft.min_days_between),
    feedback: { when: draft.when, show: draft.show, show_answers: draft.show_answers },
    config: configOf(draft),
  };
}

function configOf(draft: PlanDraft) {
  const estimator = {
    method: draft.method,
    prior: { mean: numberOf(draft.prior_mean), sd: numberOf(draft.prior_sd) },
    quadrature: {
      nodes: numberOf(draft.nodes),
      min: numberOf(draft.grid_min),
      max: numberOf(draft.grid_max),
    },
    bounds: { min: numberOf(draft.bound_min), max: numberOf(draft.bound_max) },
  };
  return {
    estimator,
    final_estimator: finalOf(draft, estimator),
    selection: {
      criterion: draft.criterion,
      ...optional('offset', draft.offset),
      ...optional('half_width', draft.half_width),
      ...optional('acceleration', draft.acceleration),
      ...optional('strata', draft.strata),
      ...(draft.blocking && { blocking: true }),
    },
    exposure: exposureOf(draft),
    content: contentOf(draft),
    stop: stopOf(draft),
    start: { theta: numberOrNull(draft.start_theta), items: draft.start_items },
    pilot: isEmpty(draft.pilot_count)
      ? null
      : {
          count: numberOf(draft.pilot_count),
          ...optional('first', draft.pilot_first),
          last: numberOrNull(draft.pilot_last),
        },
    item_time_limit_s: numberOrNull(draft.item_time_limit_s),
  };
}

function finalOf({ final_method, final_own }: PlanDraft, estimator: object) {
  if (final_method === '') return null;
  return final_own?.method === final_method ? final_own : { ...estimator, method: final_method };
}

const exposureOf = (draft: PlanDraft) => ({
  randomesque: draft.randomesque
    ? { size: numberOf(draft.random_size), items: numberOrNull(draft.random_items) }
    : null,
  r_max: numberOrNull(draft.r_max),
  eligibility: isEmpty(draft.eligibility) ? null : { r_max: numberOf(draft.eligibility) },
  sympson_hetter: isEmpty(draft.target)
    ? null
    : { target: numberOf(draft.target), from: numberOf(draft.target_from) },
});

function contentOf(draft: PlanDraft) {
  const constraints = draft.constraints.map(({ by, value, items, min, max, weight }) => ({
    by,
    ...(by === 'items' ? { items } : { value: value.trim() }),
    ...optional('min', min),
    ...optional('max', max),
    ...(draft.constraint_kind === 'deviations' && optional('weight', weight)),
  }));
  const isWeighed = draft.constraint_kind === 'deviations';
  return {
    by: draft.content_by === '' ? null : draft.content_by,
    proportions:
      draft.content_by === ''
        ? {}
        : Object.fromEntries(draft.shares.map(({ name, share }) => [name.trim(), numberOf(share)])),
    enemies: draft.enemies,
    deviations:
      constraints.length > 0 && isWeighed
        ? { constraints, criterion_weight: numberOf(draft.criterion_weight) }
        : null,
    shadow: constraints.length > 0 && !isWeighed ? { constraints } : null,
  };
}

const stopOf = (draft: PlanDraft) => ({
  min_items: numberOrNull(draft.min_items),
  max_items: numberOf(draft.max_items),
  se: numberOrNull(draft.se),
  confidence_interval: isEmpty(draft.ci_bounds)
    ? null
    : {
        bounds: draft.ci_bounds.split(';').map((bound) => numberOf(bound.trim())),
        ...optional('confidence', draft.ci_confidence),
      },
  classification: isEmpty(draft.class_cut)
    ? null
    : { cut: numberOf(draft.class_cut), ...optional('confidence', draft.class_confidence) },
  sprt: isEmpty(draft.sprt_cut)
    ? null
    : {
        cut: numberOf(draft.sprt_cut),
        delta: numberOf(draft.sprt_delta),
        ...optional('alpha', draft.sprt_alpha),
        ...optional('beta', draft.sprt_beta),
      },
  min_information: numberOrNull(draft.min_information),
  theta_change: numberOrNull(draft.theta_change),
  plateau: isEmpty(draft.plateau_items)
    ? null
    : { items: numberOf(draft.plateau_items), tolerance: numberOf(draft.plateau_tolerance) },
  time_limit_s: secondsOf(draft.time_limit_min),
  combine: draft.combine,
});

function secondsOf(minutes: string) {
  const value = numberOrNull(minutes);
  return typeof value === 'number' ? Math.round(value * 60) : value;
}
