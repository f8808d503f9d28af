import { at, type ItemParameters, type ModelName } from '../bank.ts';
import type { CalibratedModel } from '../names.ts';
import { gradedKernel } from './kernels/graded.ts';
import type { Kernel } from './kernels/kernel.ts';
import { threeParameterKernel, twoParameterKernel } from './kernels/logistic.ts';
import { partialCreditKernel } from './kernels/partial-credit.ts';

/** Kernel of a model: 1PL is 2PL whose items share their slope. */
export const kernels: Readonly<Record<CalibratedModel, Kernel>> = {
  '1PL': twoParameterKernel,
  '2PL': twoParameterKernel,
  '3PL': threeParameterKernel,
  GRM: gradedKernel,
  GPCM: partialCreditKernel,
};

/** An item to be calibrated, or one whose parameters stay. */
export type ItemPlan =
  | { readonly model: CalibratedModel; readonly categories: number; readonly fixed?: undefined }
  | { readonly model: ModelName; readonly categories: number; readonly fixed: ItemParameters };

/** Where each item's parameters are in the vector of all values, and which of them are estimated. */
export interface Layout {
  readonly items: readonly ItemPlan[];
  readonly D: number;
  /** First value of each item [items + 1]; fixed items have none. */
  readonly from: Int32Array;
  /** Values: all items', then the mean and the standard deviation of θ. */
  readonly size: number;
  readonly mean: number;
  readonly sd: number;
  /** Estimated parameter of each value, -1 where it stays; items of 1PL share their slope's. */
  readonly free: Int32Array;
  /** Number of estimated parameters. */
  readonly parameters: number;
  /** Items whose slope is shared. */
  readonly sharing: readonly number[];
}

export function layoutOf(items: readonly ItemPlan[], D: number, estimatesNormal: boolean): Layout {
  const from = new Int32Array(items.length + 1);
  items.forEach((item, i) => {
    from[i + 1] = at(from, i) + (item.fixed === undefined ? kernels[item.model].size(item.categories) : 0);
  });
  const mean = at(from, items.length);
  const size = mean + 2;
  const free = new Int32Array(size).fill(-1);
  let parameters = 0;
  let sharedSlope = -1;
  const sharing: number[] = [];
  items.forEach((item, i) => {
    const first = at(from, i);
    for (let value = first; value < at(from, i + 1); value++) {
      const shares = item.model === '1PL' && value === first;
      if (shares) sharing.push(i);
      if (shares && sharedSlope < 0) sharedSlope = parameters++;
      free[value] = shares ? sharedSlope : parameters++;
    }
  });
  if (estimatesNormal) {
    free[mean] = parameters++;
    free[mean + 1] = parameters++;
  }
  return { items, D, from, size, mean, sd: mean + 1, free, parameters, sharing };
}

/** The layout with some values kept as they are from now on (of a shared slope, everywhere); parameters renumbered. */
export function withHeld(layout: Layout, held: readonly number[]): Layout {
  const gone = new Set(held.map((value) => at(layout.free, value)));
  const numbers = new Map<number, number>();
  for (let p = 0; p < layout.parameters; p++) if (!gone.has(p)) numbers.set(p, numbers.size);
  return { ...layout, free: layout.free.map((p) => numbers.get(p) ?? -1), parameters: numbers.size };
}

/** The estimated parameters of a vector of all values. */
export function gather({ free, parameters }: Layout, values: Float64Array): Float64Array {
  const vector = new Float64Array(parameters);
  for (let v = 0; v < free.length; v++) {
    const p = at(free, v);
    if (p >= 0) vector[p] = at(values, v);
  }
  return vector;
}

/** Puts estimated parameters into the vector of all values. */
export function scatter({ free }: Layout, vector: Float64Array, values: Float64Array): void {
  for (let v = 0; v < free.length; v++) {
    const p = at(free, v);
    if (p >= 0) values[v] = at(vector, p);
  }
}

/** Whether a model has these values: finite, thresholds of GRM in order, a spread above 0. */
export function isFeasible(layout: Layout, values: Float64Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return at(values, layout.sd) > 0 && layout.items.every((_, i) => isItemFeasible(layout, values, i));
}

export function isItemFeasible({ items, from }: Layout, values: Float64Array, item: number): boolean {
  const plan = items[item];
  if (plan === undefined || plan.fixed !== undefined || plan.model !== 'GRM') return true;
  const first = at(from, item);
  for (let k = 1; k < plan.categories - 1; k++)
    if (!(at(values, first + k) - at(values, first + k + 1) > 1e-9)) return false;
  return true;
}
