import { at } from '../bank.ts';
import type { ItemPlan, Layout } from './layout.ts';
import { guessingMode, type Priors } from './priors.ts';
import { categoryCounts, type Responses } from './responses.ts';

/** P = σ(d/√(1 + .346 α²)) approximates the mean of σ(αθ + d) over N(0, 1) (Zeger, Liang & Albert 1988). */
const ATTENUATION = (16 * Math.sqrt(3)) / (15 * Math.PI);

/** Starting values: every slope 1, intercepts from the shares of the categories, c where its prior is highest. */
export function startingValues(
  layout: Layout,
  responses: Responses,
  priors: Priors,
  mean: number,
  sd: number,
): Float64Array {
  const values = new Float64Array(layout.size);
  values[layout.mean] = mean;
  values[layout.sd] = sd;
  layout.items.forEach((plan, item) => {
    if (plan.fixed !== undefined) return;
    const from = at(layout.from, item);
    const counts = categoryCounts(responses, item);
    values[from] = 1;
    const scale = Math.sqrt(1 + ATTENUATION ** 2 * sd * sd);
    interceptsFrom(plan, counts, priors).forEach((z, i) => {
      values[from + 1 + i] = scale * z - mean;
    });
    if (plan.model === '3PL') values[from + 2] = logit(guessingMode(priors.c ?? null));
  });
  return values;
}

const logit = (p: number): number => Math.log(p / (1 - p));

/** Intercepts that would give these counts if everybody had the same θ. */
function interceptsFrom(plan: ItemPlan, counts: Float64Array, priors: Priors): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const share = (k: number): number => ((counts[k] ?? 0) + 0.5) / (total + 0.5 * plan.categories);
  if (plan.fixed !== undefined) return [];
  if (plan.model === 'GPCM')
    return Array.from({ length: plan.categories - 1 }, (_, v) => Math.log(share(v + 1) / share(v)));
  if (plan.model === 'GRM') {
    const atLeast = (k: number): number => {
      let sum = 0;
      for (let j = k; j < plan.categories; j++) sum += share(j);
      return sum;
    };
    return Array.from({ length: plan.categories - 1 }, (_, v) => logit(atLeast(v + 1)));
  }
  const guessed = plan.model === '3PL' ? guessingMode(priors.c ?? null) : 0;
  return [logit(Math.max(0.02, (share(1) - guessed) / (1 - guessed)))];
}
