import type { GivenKwargs } from '../environments/kwargs.ts';
import type { BoxSpace, Space } from '../environments/spaces.ts';

export type PolicyActivation = 'tanh' | 'relu' | 'linear';

/** y = activation(W x + b), with PyTorch's layout: `weight` is [outputs][inputs]. */
export interface PolicyLayer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  readonly activation: PolicyActivation;
}

/**
 * How an observation becomes the network's input: numbers as they are, or integers one-hot, one after the other
 * (Gymnasium's `flatten`).
 */
export type ObservationEncoding =
  | { readonly kind: 'vector'; readonly size: number }
  | { readonly kind: 'one_hot'; readonly sizes: readonly number[] };

/**
 * Statistics of the encoded observation, frozen when the policy was exported (Stable-Baselines3's `VecNormalize`):
 * x becomes (x − mean) / √(var + epsilon), clipped to ±clip.
 */
export interface ObservationNormalization {
  readonly mean: Float64Array;
  readonly var: Float64Array;
  readonly clip: number;
  readonly epsilon: number;
}

/**
 * How the network's output becomes an action, without chance:
 * - `argmax`: logits of a categorical distribution, the most probable
 * - `q_values`: values of the actions, the highest
 * - `clipped`: mean of a Gaussian, clipped to the bounds of the action space
 * - `squashed`: tanh of the mean, scaled from ±1 to the bounds; the mean is clipped to ±`mean_limit` before, where
 *   there is one (Stable-Baselines3's SAC with gSDE has 2)
 */
export type ActionHead =
  | { readonly kind: 'argmax' }
  | { readonly kind: 'q_values' }
  | { readonly kind: 'clipped'; readonly low: readonly number[]; readonly high: readonly number[] }
  | {
      readonly kind: 'squashed';
      readonly low: readonly number[];
      readonly high: readonly number[];
      readonly mean_limit: number | null;
    };

/** A trained policy as data: all that is needed to act in its environment, and nothing to run. */
export interface Policy {
  /** Gymnasium's id. */
  readonly environment: string;
  readonly env_kwargs: GivenKwargs;
  readonly observation: ObservationEncoding;
  readonly normalization: ObservationNormalization | null;
  /** At least one; each takes what the one before gives. */
  readonly layers: readonly PolicyLayer[];
  readonly head: ActionHead;
}

/** Numbers that the network takes. */
export const inputSize = (observation: ObservationEncoding): number =>
  observation.kind === 'vector' ? observation.size : observation.sizes.reduce((sum, n) => sum + n, 0);

/** Weights and biases. */
export const parameterCount = ({ layers }: Pick<Policy, 'layers'>): number =>
  layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);

export function encodingOf(space: Space): ObservationEncoding {
  if (space.kind === 'box') return { kind: 'vector', size: space.low.length };
  return { kind: 'one_hot', sizes: space.kind === 'discrete' ? [space.n] : space.spaces.map(({ n }) => n) };
}

/** Both bounds of a space of actions; Gymnasium's are finite. */
export const boundsOf = ({ low, high }: BoxSpace) => ({ low: [...low], high: [...high] });
