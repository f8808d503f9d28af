import { Pcg64 } from '../random/pcg64.ts';
import type { Scene } from './scene.ts';

/** Real vectors of `low.length` components, each between its bounds (Gymnasium's Box). */
export interface BoxSpace {
  readonly kind: 'box';
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The integers 0 … n-1 (Gymnasium's Discrete). */
export interface DiscreteSpace {
  readonly kind: 'discrete';
  readonly n: number;
}

/**
 * The physics of an environment as pure functions over a state vector. A new environment is one of
 * these plus a line in `environments/index.ts`; seeding, time limit and saving come with
 * `Environment`.
 */
export interface EnvironmentModel {
  /** Gymnasium's id, such as `CartPole-v1`. */
  readonly id: string;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: DiscreteSpace;
  /** Steps after which an episode is truncated; null for no limit. */
  readonly maxEpisodeSteps: number | null;
  /** Mean return at which the task counts as solved; null where Gymnasium names none. */
  readonly rewardThreshold: number | null;
  /** Number of components of the state vector. */
  readonly stateLength: number;
  /** Fills `state` with the start of an episode, drawing from `random` in Gymnasium's order. */
  start(state: Float64Array, random: Pcg64): void;
  /** Advances `state` in place by one action and fills `outcome.reward` and `outcome.terminated`. */
  advance(state: Float64Array, action: number, outcome: StepOutcome): void;
  /** Writes the observation of `state` into `target` from `offset` on. */
  observe(state: Float64Array, target: Float64Array, offset: number): void;
  /** What to draw for `state`. */
  render(state: ArrayLike<number>): Scene;
}

/** The result of a step; `truncated` is the time limit's. */
export interface StepOutcome {
  reward: number;
  terminated: boolean;
  truncated: boolean;
}

/** All of an environment, JSON-able; with it, a copy continues exactly. */
export interface EnvironmentState {
  /** The model's state vector. */
  readonly state: readonly number[];
  /** Steps since the last reset. */
  readonly elapsedSteps: number;
  /** The generator's state (`Pcg64.getState`). */
  readonly random: readonly number[];
}

/**
 * One running environment with Gymnasium's semantics: `reset(seed)` starts a new generator and equals
 * Gymnasium's bit for bit, `reset()` goes on with the present one, and the step that reaches
 * `maxEpisodeSteps` is truncated (also when it terminates).
 */
export class Environment {
  readonly model: EnvironmentModel;
  readonly #state: Float64Array;
  readonly #outcome: StepOutcome = { reward: 0, terminated: false, truncated: false };
  readonly #limit: number;
  #random: Pcg64;
  #elapsedSteps = 0;

  /** The environment is reset with `seed` (integer, 0 <= seed < 2^53). */
  constructor(model: EnvironmentModel, seed: number) {
    this.model = model;
    this.#state = new Float64Array(model.stateLength);
    this.#limit = model.maxEpisodeSteps ?? Number.POSITIVE_INFINITY;
    this.#random = new Pcg64(seed);
    this.reset();
  }

  get elapsedSteps(): number {
    return this.#elapsedSteps;
  }

  /** Starts a new episode. */
  reset(seed?: number): void {
    if (seed !== undefined) this.#random = new Pcg64(seed);
    this.model.start(this.#state, this.#random);
    this.#elapsedSteps = 0;
  }

  /**
   * Applies an action. The returned object is reused by the next step.
   * @throws RangeError if the action is not in the action space
   */
  step(action: number): StepOutcome {
    if (!Number.isInteger(action) || action < 0 || action >= this.model.actionSpace.n) {
      throw new RangeError(`${action} is not an action of ${this.model.id}`);
    }
    this.model.advance(this.#state, action, this.#outcome);
    this.#elapsedSteps += 1;
    this.#outcome.truncated = this.#elapsedSteps >= this.#limit;
    return this.#outcome;
  }

  /** Writes the present observation into `target` from `offset` on. */
  observe(target: Float64Array, offset = 0): void {
    this.model.observe(this.#state, target, offset);
  }

  /** What to draw now. */
  render(): Scene {
    return this.model.render(this.#state);
  }

  /** A copy of the model's state vector, such as a frame of a replay. */
  frame(): number[] {
    return [...this.#state];
  }

  getState(): EnvironmentState {
    return {
      state: this.frame(),
      elapsedSteps: this.#elapsedSteps,
      random: this.#random.getState(),
    };
  }

  /** @throws RangeError if the state is another model's */
  setState(saved: EnvironmentState): void {
    if (saved.state.length !== this.#state.length) {
      throw new RangeError(`not a state of ${this.model.id}`);
    }
    this.#state.set(saved.state);
    this.#elapsedSteps = saved.elapsedSteps;
    this.#random.setState(saved.random);
  }
}
