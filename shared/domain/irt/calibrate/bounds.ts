import { at } from '../bank.ts';
import type { Layout } from './layout.ts';

/** A slope beyond this is that of a step: the likelihood rises without end, as with a perfect Guttman scale. */
export const STEEPEST = 20;
/** logit c below this is c = 0: the likelihood falls without end. */
const LEAST_LOGIT = -12;

/** Values that are estimated and beyond their bounds. */
export function beyondBounds(layout: Layout, values: Float64Array): number[] {
  const found: number[] = [];
  layout.items.forEach(({ fixed, model }, item) => {
    const from = at(layout.from, item);
    if (fixed !== undefined) return;
    if (at(layout.free, from) >= 0 && Math.abs(at(values, from)) > STEEPEST) found.push(from);
    if (model === '3PL' && at(layout.free, from + 2) >= 0 && at(values, from + 2) < LEAST_LOGIT)
      found.push(from + 2);
  });
  return found;
}

/** Moves them to their bounds; with a slope its item's intercepts, so that its difficulties stay. */
export function putAtBounds(layout: Layout, values: Float64Array, beyond: readonly number[]): void {
  layout.items.forEach(({ fixed, categories }, item) => {
    const from = at(layout.from, item);
    if (fixed !== undefined) return;
    if (beyond.includes(from)) {
      const scale = STEEPEST / Math.abs(at(values, from));
      for (let v = from + 1; v < from + categories; v++) values[v] = at(values, v) * scale;
      values[from] = STEEPEST * Math.sign(at(values, from));
    }
    if (beyond.includes(from + 2) && at(values, from + 2) < LEAST_LOGIT) values[from + 2] = LEAST_LOGIT;
  });
}
