import {
  type CalibratedItem,
  type Calibration,
  calibrate,
  type ItemErrors,
  type ItemParameters,
  type Link,
  link,
  linkItem,
  type Scale,
} from '#shared/domain/irt/index.ts';
import { type Chosen, type Column, fixedIn } from './choose.ts';
import { type CalibrationInput, Uncalibratable } from './input.ts';

/** Weakly held: ln a ~ N(0, .5²), so that an item with few answers does not run away (mirt's usual advice). */
const priors = { a: { mean: 0, sd: 0.5 } } as const;
const fewestAnchors = 2;

export interface Linked {
  readonly by: Link;
  /** Columns that carried it. */
  readonly anchors: readonly number[];
}

/** A calibration on the scale on which it is published. */
export interface Estimated {
  readonly calibration: Calibration;
  readonly linked: Linked | null;
  /** How θ is distributed on that scale. */
  readonly latent: { readonly mean: number; readonly sd: number };
}

/** @throws Uncalibratable for what no calibration can do with these answers */
export function estimated(input: CalibrationInput, { columns, responses }: Chosen): Estimated {
  const { config, D } = input;
  const options = {
    model: columns.map(({ model }) => model ?? '2PL'),
    categories: columns.map(({ candidate }) => candidate.categories),
    priors,
    D,
    ...(config.mode === 'fixed' && { fixed: fixedIn(columns), latent: { kind: 'normal' as const } }),
  };
  const calibration = refusing(() => calibrate(responses, options));
  const { mean, sd } = calibration.latent;
  if (config.link === null || config.mode === 'fixed')
    return { calibration, linked: null, latent: { mean, sd } };
  const { method, anchor } = config.link;
  const anchors = anchorsAmong(columns, calibration, anchor);
  if (anchors.length < fewestAnchors)
    throw new Uncalibratable(
      'calibration.no_anchors',
      `A link needs at least ${fewestAnchors} calibrated items that have parameters on the old scale.`,
    );
  const old = anchors.flatMap((column) => columns[column]?.candidate.parameters ?? []);
  const fresh = anchors.flatMap((column) => calibration.items[column]?.parameters ?? []);
  const by = refusing(() => link(old, fresh, method, { D }));
  return {
    calibration: { ...calibration, items: calibration.items.map((item) => onScale(item, by)) },
    linked: { by, anchors },
    latent: { mean: by.A * mean + by.B, sd: by.A * sd },
  };
}

function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Uncalibratable('calibration.impossible', error.message);
  }
}

/** Calibrated columns whose old parameters are of the same kind. */
function anchorsAmong(
  columns: readonly Column[],
  calibration: Calibration,
  anchor: 'all' | readonly string[],
): number[] {
  const wanted = anchor === 'all' ? null : new Set(anchor);
  return columns.flatMap(({ candidate, model }, column) => {
    const old = candidate.parameters;
    const found = calibration.items[column]?.parameters;
    if (model === null || old === null || found === undefined) return [];
    return alike(old, found) && (wanted === null || wanted.has(candidate.item_id)) ? [column] : [];
  });
}

const alike = (one: ItemParameters, other: ItemParameters): boolean =>
  'thresholds' in one
    ? 'thresholds' in other && one.model === other.model && one.thresholds.length === other.thresholds.length
    : !('thresholds' in other);

function onScale(item: CalibratedItem, scale: Scale): CalibratedItem {
  const { A } = scale;
  const errors = item.standard_errors;
  const scaled: ItemErrors | null = errors && {
    ...errors,
    a: errors.a / A,
    b: errors.b * A,
    thresholds: errors.thresholds.map((se) => se * A),
    slope: errors.slope / A,
  };
  return {
    ...item,
    parameters: linkItem(item.parameters, scale),
    slope: item.slope / A,
    standard_errors: scaled,
  };
}
