import type { RealArray } from '../environments/spaces.ts';
import { arraySection, type SnapshotSection } from '../snapshot.ts';
import { RunningMeanStd } from '../statistics.ts';

export interface NormaliserOptions {
  readonly observationSize: number;
  readonly environments: number;
  readonly observations: boolean;
  readonly rewards: boolean;
  /** Discount of the return whose spread scales the rewards. */
  readonly gamma: number;
}

const CLIP = 10;
const EPSILON = 1e-8;

/**
 * Running normalisation of observations and rewards with the semantics of Stable-Baselines3's
 * `VecNormalize` (clip 10, epsilon 1e-8): observations to mean 0 and variance 1, rewards divided by the
 * standard deviation of the discounted return, without a shift. The statistics of a step count before
 * it is normalised.
 */
export class Normaliser {
  readonly sections: readonly SnapshotSection[];
  /** What a policy needs to see as in training; empty where observations are not normalised. */
  readonly policySections: readonly SnapshotSection[];
  readonly #observations: RunningMeanStd | null;
  readonly #rewards: RunningMeanStd | null;
  /** Discounted return so far of each environment. */
  readonly #returns: Float64Array;
  readonly #gamma: number;

  constructor({ observationSize, environments, observations, rewards, gamma }: NormaliserOptions) {
    this.#observations = observations ? new RunningMeanStd(observationSize) : null;
    this.#rewards = rewards ? new RunningMeanStd(1) : null;
    this.#returns = new Float64Array(environments);
    this.#gamma = gamma;
    this.policySections =
      this.#observations === null ? [] : [arraySection('normaliser.observations', this.#observations.state)];
    const rewardSections =
      this.#rewards === null
        ? []
        : [
            arraySection('normaliser.rewards', this.#rewards.state),
            arraySection('normaliser.returns', this.#returns),
          ];
    this.sections = [...this.policySections, ...rewardSections];
  }

  /** Counts the flattened observations of all environments, [environments][observationSize]. */
  countObservations(rows: Float64Array): void {
    this.#observations?.update(rows, this.#returns.length);
  }

  /** Normalises one observation in place, from `offset` on. */
  normaliseObservation(target: RealArray, offset: number): void {
    if (this.#observations === null) return;
    const { state, size } = this.#observations;
    for (let j = 0; j < size; j++) {
      const deviation = Math.sqrt((state[size + j] ?? 0) + EPSILON);
      target[offset + j] = clipped(((target[offset + j] ?? 0) - (state[j] ?? 0)) / deviation);
    }
  }

  /** Counts the rewards of one step of all environments, and writes them normalised into `normalised`. */
  normaliseRewards(rewards: Float64Array, dones: Uint8Array, normalised: Float64Array): void {
    const statistics = this.#rewards;
    if (statistics === null) {
      normalised.set(rewards);
      return;
    }
    const returns = this.#returns;
    for (let i = 0; i < returns.length; i++) {
      returns[i] = (returns[i] ?? 0) * this.#gamma + (rewards[i] ?? 0);
    }
    statistics.update(returns, returns.length);
    const deviation = Math.sqrt((statistics.state[1] ?? 0) + EPSILON);
    for (let i = 0; i < returns.length; i++) {
      normalised[i] = clipped((rewards[i] ?? 0) / deviation);
      if (dones[i] === 1) returns[i] = 0;
    }
  }
}

function clipped(x: number): number {
  return Math.min(Math.max(x, -CLIP), CLIP);
}
