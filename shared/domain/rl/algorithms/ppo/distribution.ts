import type { Matrix } from '../../engine/engine.ts';
import type { Pcg64 } from '../../random/pcg64.ts';

/**
 * A distribution over actions, one for each row of observations that `forward` saw. An action is
 * `actionSize` numbers in a vector, from `at` on; a discrete one is a single index.
 */
export interface ActionDistribution {
  readonly actionSize: number;
  /** Applies the actor to `batch` rows of observations from `firstRow` on; the rows below count from there. */
  forward(input: Matrix, batch: number, firstRow?: number): void;
  /** Draws an action of row `row` into `actions`. @returns ln π(a|s) */
  sample(row: number, actions: Float64Array, at: number, random: Pcg64): number;
  /** Writes the action that is taken without chance. */
  decide(row: number, actions: Float64Array, at: number): void;
  /** ln π(a|s) of an action. */
  logProbability(row: number, actions: Float64Array, at: number): number;
  /**
   * Writes the gradient of one row: of a loss with the derivative `byLogProbability` by ln π(a|s), less
   * `entropyWeight` times the entropy.
   * @returns the entropy, in nats
   */
  differentiate(
    row: number,
    actions: Float64Array,
    at: number,
    byLogProbability: number,
    entropyWeight: number,
  ): number;
  /** Gradients of the actor's parameters, after every row was differentiated. */
  backward(input: Matrix, batch: number): void;
  /** Draws new noise for each of `environments`, where noise lasts longer than a step (gSDE). */
  resetNoise?(environments: number, random: Pcg64): void;
  /** Mean standard deviation of continuous actions. */
  meanStd?(): number;
}
