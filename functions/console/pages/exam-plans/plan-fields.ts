import type { PlanDraft } from './plan-draft.ts';

/** Where each field stands in the body; a problem below a place belongs to the field of the longest place above it. */
const places: Readonly<Record<string, keyof PlanDraft>> = {
  'feedback.when': 'when',
  'feedback.show': 'show',
  'config.stop.min_items': 'min_items',
  'config.stop.max_items': 'max_items',
  'config.stop.se': 'se',
  'config.stop.time_limit_s': 'time_limit_min',
  'config.item_time_limit_s': 'item_time_limit_s',
  'config.start.theta': 'start_theta',
  'config.start.items': 'start_items',
  'config.estimator.method': 'method',
  'config.estimator.prior.mean': 'prior_mean',
  'config.estimator.prior.sd': 'prior_sd',
  'config.estimator.quadrature.nodes': 'nodes',
  'config.estimator.quadrature.min': 'grid_min',
  'config.estimator.quadrature.max': 'grid_max',
  'config.estimator.bounds.min': 'bound_min',
  'config.estimator.bounds.max': 'bound_max',
  'config.final_estimator': 'final_method',
  'config.selection.criterion': 'criterion',
  'config.selection.offset': 'offset',
  'config.selection.half_width': 'half_width',
  'config.selection.acceleration': 'acceleration',
  'config.selection.strata': 'strata',
  'config.exposure.randomesque.size': 'random_size',
  'config.exposure.randomesque.items': 'random_items',
  'config.exposure.r_max': 'r_max',
  'config.exposure.eligibility': 'eligibility',
  'config.exposure.sympson_hetter.target': 'target',
  'config.exposure.sympson_hetter.from': 'target_from',
  'config.content.by': 'content_by',
  'config.content.proportions': 'shares',
  'config.content.enemies': 'enemies',
  'config.content.deviations.criterion_weight': 'criterion_weight',
  'config.content.deviations': 'constraints',
  'config.content.shadow': 'constraints',
  'config.stop.confidence_interval.bounds': 'ci_bounds',
  'config.stop.confidence_interval.confidence': 'ci_confidence',
  'config.stop.classification.cut': 'class_cut',
  'config.stop.classification.confidence': 'class_confidence',
  'config.stop.sprt.cut': 'sprt_cut',
  'config.stop.sprt.delta': 'sprt_delta',
  'config.stop.sprt.alpha': 'sprt_alpha',
  'config.stop.sprt.beta': 'sprt_beta',
  'config.stop.min_information': 'min_information',
  'config.stop.theta_change': 'theta_change',
  'config.stop.plateau.items': 'plateau_items',
  'config.stop.plateau.tolerance': 'plateau_tolerance',
  'config.stop.combine': 'combine',
  'config.pilot.count': 'pilot_count',
  'config.pilot.first': 'pilot_first',
  'config.pilot.last': 'pilot_last',
  'config.pilot': 'pilot_count',
};
const longestFirst = Object.entries(places).toSorted(([a], [b]) => b.length - a.length);
const constraintPlace = /^config\.content\.(?:shadow|deviations)\.constraints\.(\d+)(?:\.(\w+))?/;

/** The field that shows a problem at this place of the body. */
export function fieldOfPlan(path: readonly PropertyKey[], { shares }: Pick<PlanDraft, 'shares'>): string {
  const place = path.map(String).join('.');
  const constraint = constraintPlace.exec(place);
  if (constraint) return `constraints.${constraint[1]}.${constraint[2] ?? 'value'}`;
  if (place.startsWith('config.content.proportions.')) {
    const row = shares.findIndex(({ name }) => name.trim() === String(path[3]));
    if (row >= 0) return `shares.${row}`;
  }
  const found = longestFirst.find(([start]) => place === start || place.startsWith(`${start}.`));
  return found?.[1] ?? String(path[0] ?? '');
}
