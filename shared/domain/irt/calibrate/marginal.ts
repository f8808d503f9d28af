import { at } from '../bank.ts';
import { createExpectation, type Expectation, type VisitRow } from './expectation.ts';
import { type Grid, logNormalWeights } from './grid.ts';
import type { Layout } from './layout.ts';
import { createMaximisation } from './maximisation.ts';
import { createPriorTerms, type Priors, priorTerms } from './priors.ts';
import type { Patterns } from './responses.ts';

/** How θ is distributed: a normal density that stays or is estimated, or weights at the nodes that are estimated. */
export type LatentKind = 'fixed' | 'normal' | 'histogram';

/** What is to be calibrated, and from what. */
export interface Problem {
  readonly patterns: Patterns;
  readonly layout: Layout;
  readonly priors: Priors;
  readonly latent: LatentKind;
}

/** What is maximised, on one grid: Σ_persons ln ∫ P(responses | θ, values) dF(θ) + ln prior. */
export interface Marginal {
  readonly expectation: Expectation;
  /** ln of the weights of θ at the nodes, of the last `evaluate`. */
  readonly logWeights: Float64Array;
  log_likelihood: number;
  log_prior: number;
  /** Number of `evaluate` so far. */
  evaluations: number;
  /** The E-step at `values`; returns log_likelihood + log_prior. */
  evaluate(values: Float64Array, visit?: VisitRow): number;
  /** The M-step that follows it, in place of `values`. */
  improve(values: Float64Array): void;
}

export function createMarginal(
  { patterns, layout, priors, latent }: Problem,
  grid: Grid,
  histogram?: Float64Array,
): Marginal {
  const expectation = createExpectation(patterns, layout, grid);
  const maximisation = createMaximisation(patterns, layout, priors);
  const { theta } = grid;
  const logWeights = histogram?.slice() ?? new Float64Array(theta.length);
  let weightsOf = [Number.NaN, Number.NaN];
  const marginal: Marginal = {
    expectation,
    logWeights,
    log_likelihood: Number.NEGATIVE_INFINITY,
    log_prior: 0,
    evaluations: 0,
    evaluate(values, visit) {
      const [mean, sd] = [at(values, layout.mean), at(values, layout.sd)];
      const known = weightsOf[0] === mean && weightsOf[1] === sd;
      if (!known && (latent !== 'histogram' || histogram === undefined))
        logWeights.set(logNormalWeights(theta, mean, sd));
      weightsOf = [mean, sd];
      marginal.evaluations++;
      marginal.log_likelihood = expectation.run(values, logWeights, visit);
      marginal.log_prior = logPriorOf(layout, priors, values);
      return marginal.log_likelihood + marginal.log_prior;
    },
    improve(values) {
      maximisation.run(expectation.counts, theta, values);
      if (latent === 'fixed') return;
      const { mean, sd } = momentsOf(theta, expectation.population);
      values[layout.mean] = mean;
      values[layout.sd] = sd;
      if (latent !== 'histogram') return;
      logWeights.set(expectation.population.map((persons) => Math.log(persons / patterns.persons)));
      weightsOf = [mean, sd];
    },
  };
  return marginal;
}

export function momentsOf(theta: Float64Array, weights: Float64Array): { mean: number; sd: number } {
  let [total, sum, squares] = [0, 0, 0];
  for (let q = 0; q < theta.length; q++) {
    total += at(weights, q);
    sum += at(weights, q) * at(theta, q);
  }
  const mean = sum / total;
  for (let q = 0; q < theta.length; q++) squares += at(weights, q) * (at(theta, q) - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / total) };
}

function logPriorOf(layout: Layout, priors: Priors, values: Float64Array): number {
  let sum = 0;
  layout.items.forEach((_, item) => {
    const terms = createPriorTerms(at(layout.from, item + 1) - at(layout.from, item));
    priorTerms(layout, priors, values, item, terms);
    sum += terms.logDensity;
  });
  return sum;
}
