import type { Matrix, ParameterSet, Tensor } from '../../engine/engine.ts';
import { log, tanh } from '../../numeric.ts';
import type { Pcg64 } from '../../random/pcg64.ts';

/** Random numbers that two batches of actions are made with: those of now, and of the next states. */
export interface ActorNoise {
  readonly now: Float64Array;
  readonly next: Float64Array;
}

/**
 * SAC's actor: a distribution whose samples are squashed by tanh into (-1, 1). Everything after
 * `forward` speaks of the rows that it saw.
 */
export interface SquashedActor {
  readonly parameters: ParameterSet;
  /** Its parameters under Stable-Baselines3's names. */
  readonly tensors: readonly Tensor[];
  readonly actionSize: number;
  forward(input: Matrix, batch: number): void;
  /** Writes the action of row `row` that is taken without chance. */
  decide(row: number, actions: Float64Array, at: number): void;
  /** Writes an action of row `row` to explore with; `row` is an environment. */
  explore(row: number, actions: Float64Array, at: number, random: Pcg64): void;
  /** Draws new noise for each of `environments`, where noise lasts longer than a step (gSDE). */
  resetNoise?(environments: number, random: Pcg64): void;
  /** Draws what `sample` needs for two batches; the arrays are reused. */
  drawNoise(batch: number, random: Pcg64): ActorNoise;
  /** Actions [batch][actionSize] and ln π [batch] made with given noise, as a function of the parameters. */
  sample(batch: number, noise: Float64Array, actions: Float64Array, logProbs: Float64Array): void;
  /**
   * Gradients of the parameters by those of a loss: by the actions that `sample` last made of this
   * input and noise, [batch][actionSize], and by each ln π, which is the same number for all.
   */
  backward(
    input: Matrix,
    batch: number,
    noise: Float64Array,
    actions: Float64Array,
    byActions: Float64Array,
    byLogProb: number,
  ): void;
}

/** Keeps the logarithm of the squashing's derivative finite. */
const EPSILON = 1e-6;

/** A sample before squashing, squashed. */
export interface Squashed {
  /** tanh u */
  readonly action: number;
  /** What the squashing adds to ln π: -ln(1 - a² + 1e-6). */
  readonly logProb: number;
}

export function squash(u: number): Squashed {
  const action = tanh(u);
  return { action, logProb: -log(1 - action * action + EPSILON) };
}

/**
 * d loss / du from the derivatives by the squashed action and by ln π:
 * da/du = 1 - a², and d(-ln(1 - a² + 1e-6))/du = 2a(1 - a²)/(1 - a² + 1e-6).
 */
export function throughSquashing(action: number, byAction: number, byLogProb: number): number {
  const slope = 1 - action * action;
  return byAction * slope + (byLogProb * 2 * action * slope) / (slope + EPSILON);
}
