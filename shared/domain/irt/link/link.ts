import { at, type Bank, createBank, type ItemParameters } from '../bank.ts';
import type { LinkMethod } from '../names.ts';
import { type CurveMethod, minimiseCurves } from './curves.ts';
import { linkItem, type Scale } from './transform.ts';

export interface LinkOptions {
  /** Scaling constant of both banks, 1 by default. */
  readonly D?: number;
  /** Equally spaced θ of the old scale, weighted by N(0, 1), for the curve methods: 41 on ±4 by default. */
  readonly quadrature?: { readonly nodes: number; readonly lower: number; readonly upper: number };
}

export interface Link extends Scale {
  readonly method: LinkMethod;
  /** What the curve methods minimise, at the minimum; null for the moment methods. */
  readonly criterion: number | null;
  /** Of each common item b_old − (A b_new + B), of polytomous ones the mean over thresholds: who is far off has drifted. */
  readonly displacements: readonly number[];
}

/**
 * Brings a new calibration to the scale of an old one by the items that both hold: θ_old = A θ_new + B.
 *
 * - `mean_mean` (Loyd & Hoover 1980): A = mean a_new/mean a_old, B = mean b_old − A mean b_new.
 * - `mean_sigma` (Marco 1977): A = sd b_old/sd b_new, B as above.
 * - `haebara` (1980): minimises Σ_q w_q Σ_i (P_i,old − P_i,new)² of the items' curves; of polytomous items over all
 *   categories.
 * - `stocking_lord` (1983): minimises Σ_q w_q (Σ_i P_i,old − Σ_i P_i,new)² of the tests' curves.
 *
 * Thresholds of polytomous items count as b. Weights w sum to 1.
 *
 * @param old the common items' parameters on the old scale
 * @param fresh the same items, in the same order, on the new scale
 * @throws RangeError for no items, lists of unequal length, items with other models' shapes, or difficulties that do
 * not vary (`mean_sigma`)
 */
export function link(
  old: readonly ItemParameters[],
  fresh: readonly ItemParameters[],
  method: LinkMethod,
  options: LinkOptions = {},
): Link {
  const { D = 1, quadrature = { nodes: 41, lower: -4, upper: 4 } } = options;
  if (old.length !== fresh.length)
    throw new RangeError(`${old.length} old items but ${fresh.length} new ones`);
  const [before, after] = [createBank(old, { D }), createBank(fresh, { D })];
  checkShapes(before, after);
  const [scale, criterion] = scaleBy(method, before, after, quadrature);
  return {
    ...scale,
    method,
    criterion,
    displacements: fresh.map((item, i) => location(old[i]) - location(linkItem(item, scale))),
  };
}

function scaleBy(
  method: LinkMethod,
  before: Bank,
  after: Bank,
  quadrature: { readonly nodes: number; readonly lower: number; readonly upper: number },
): [Scale, number | null] {
  const [bOld, bNew] = [difficulties(before), difficulties(after)];
  const shift = (A: number): Scale => ({ A, B: mean(bOld) - A * mean(bNew) });
  const bySlopes = shift(mean(after.a) / mean(before.a));
  if (method === 'mean_mean') return [bySlopes, null];
  if (method === 'mean_sigma') {
    const A = spread(bOld) / spread(bNew);
    if (!(A > 0 && Number.isFinite(A))) throw new RangeError('mean-sigma needs difficulties that vary');
    return [shift(A), null];
  }
  const curve: CurveMethod = method;
  const { scale, criterion } = minimiseCurves(before, after, curve, bySlopes, quadrature);
  return [scale, criterion];
}

function checkShapes(before: Bank, after: Bank): void {
  for (let i = 0; i < before.size; i++)
    if (before.family[i] !== after.family[i] || before.categories[i] !== after.categories[i])
      throw new RangeError(
        `item ${i} is ${before.models[i]} on the old scale and ${after.models[i]} on the new one`,
      );
}

function difficulties(bank: Bank): number[] {
  const found: number[] = [];
  for (let i = 0; i < bank.size; i++) {
    const thresholds = bank.thresholds.subarray(at(bank.offset, i), at(bank.offset, i + 1));
    found.push(...(thresholds.length > 0 ? thresholds : [at(bank.b, i)]));
  }
  return found;
}

const location = (item: ItemParameters | undefined): number => {
  if (item === undefined) return Number.NaN;
  return 'thresholds' in item ? mean(item.thresholds) : item.b;
};

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += at(values, i);
  return sum / values.length;
}

/** Standard deviation of the sample. */
function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
