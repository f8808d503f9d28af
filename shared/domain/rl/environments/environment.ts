import { Pcg64 } from '../random/pcg64.ts';
import type { Scene } from './scene.ts';
import {
  type BoxSpace,
  type DiscreteSpace,
  flatten,
  flattenedSize,
  type RealArray,
  type Space,
  sizeOf,
} from './spaces.ts';

/** What an environment draws its chances from: `Pcg64`, or a test's script. */
export interface RandomSource {
  /** Uniform on [0, 1). */
  random(): number;
  /** Uniform on [low, high). */
  uniform(low: number, high: number): number;
  /** Uniform integer on [0, count). */
  integers(count: number): number;
}

/** One way a transition may go, as in Gymnasium's `P`: probability, next state, reward, terminated. */
export type Transition = readonly [number, number, number, boolean];

/** Gymnasium's `info` of a reset or step, where the environment gives one. */
export interface EnvironmentInfo {
  /** Probability of the transition taken; 1 after a reset. */
  readonly prob?: number;
  /** Taxi: 1 for each action that would change the state. */
  readonly action_mask?: readonly number[];
}

/**
 * The rules of an environment as pure functions over a state vector. A new environment is one of these
 * plus a line in `environments/index.ts`; seeding, time limit and saving come with `Environment`. All
 * that an episode depends on is in the state vector, so that it can be saved, compared and drawn; its
 * first components are Gymnasium's internal state.
 */
export interface EnvironmentModel {
  /** Gymnasium's id, such as `CartPole-v1`. */
  readonly id: string;
  readonly observationSpace: Space;
  readonly actionSpace: DiscreteSpace | BoxSpace;
  /** Steps after which an episode is truncated; null for no limit. */
  readonly maxEpisodeSteps: number | null;
  /** Mean return at which the task counts as solved; null where Gymnasium names none. */
  readonly rewardThreshold: number | null;
  /** Number of components of the state vector. */
  readonly stateLength: number;
  /** Fills `state` with the start of an episode, drawing from `random` in Gymnasium's order. */
  start(state: Float64Array, random: RandomSource): void;
  /**
   * Advances `state` in place by one action and fills `outcome.reward` and `outcome.terminated`. The
   * action is a vector of `sizeOf(actionSpace)` numbers: a discrete one is its first component, a
   * continuous one comes unclipped.
   */
  advance(state: Float64Array, action: Float64Array, outcome: StepOutcome, random: RandomSource): void;
  /** Writes the observation of `state`, `sizeOf(observationSpace)` numbers, into `target` from `offset` on. */
  observe(state: Float64Array, target: RealArray, offset: number): void;
  /** The internal state in Gymnasium's form, where that is not the state vector itself. */
  readonly internal?: InternalForm;
  /** Gymnasium's `info` of a state. */
  info?(state: ArrayLike<number>): EnvironmentInfo;
  /** All transitions, `[state][action]`, where the states can be listed. */
  transitions?(): Transition[][][];
  /** What to draw for `state`. */
  render(state: ArrayLike<number>): Scene;
}

/** A state as Gymnasium's environment keeps it: an integer of a table, or a hand of cards. */
export type InternalState =
  | number
  | readonly number[]
  | { readonly dealer: readonly number[]; readonly player: readonly number[] };

export interface InternalForm {
  read(state: ArrayLike<number>): InternalState;
  /** @throws RangeError if it is not one */
  write(state: Float64Array, internal: InternalState): void;
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

const noInfo: EnvironmentInfo = {};

/**
 * One running environment with Gymnasium's semantics: `reset(seed)` starts a new generator and equals
 * Gymnasium's bit for bit, `reset()` goes on with the present one, and the step that reaches
 * `maxEpisodeSteps` is truncated (also when it terminates).
 */
export class Environment {
  readonly model: EnvironmentModel;
  /** Length of a flattened observation, which is a network's input. */
  readonly observationSize: number;
  readonly #state: Float64Array;
  readonly #action: Float64Array;
  readonly #observation: Float64Array;
  readonly #outcome: StepOutcome = { reward: 0, terminated: false, truncated: false };
  readonly #limit: number;
  /** Number of actions; 0 if they are continuous. */
  readonly #choices: number;
  #random: Pcg64;
  #elapsedSteps = 0;

  /** The environment is reset with `seed` (integer, 0 <= seed < 2^53). */
  constructor(model: EnvironmentModel, seed: number) {
    this.model = model;
    this.observationSize = flattenedSize(model.observationSpace);
    this.#state = new Float64Array(model.stateLength);
    this.#action = new Float64Array(sizeOf(model.actionSpace));
    this.#observation = new Float64Array(sizeOf(model.observationSpace));
    this.#limit = model.maxEpisodeSteps ?? Number.POSITIVE_INFINITY;
    this.#choices = model.actionSpace.kind === 'discrete' ? model.actionSpace.n : 0;
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
   * Applies an action: a number, or from `offset` on of a vector. The returned object is reused by the
   * next step. Continuous actions may lie outside their space: what that means is the model's matter.
   * @param random draws of this step; the environment's own generator by default
   * @throws RangeError if a discrete action is not in the action space, or a continuous one not finite
   */
  step(action: number | ArrayLike<number>, offset = 0, random: RandomSource = this.#random): StepOutcome {
    if (typeof action === 'number') this.#action[0] = action;
    else for (let i = 0; i < this.#action.length; i++) this.#action[i] = action[offset + i] ?? Number.NaN;
    this.#checkAction();
    this.model.advance(this.#state, this.#action, this.#outcome, random);
    this.#elapsedSteps += 1;
    this.#outcome.truncated = this.#elapsedSteps >= this.#limit;
    return this.#outcome;
  }

  /** Writes the present observation, as Gymnasium gives it, into `target` from `offset` on. */
  observe(target: RealArray, offset = 0): void {
    this.model.observe(this.#state, target, offset);
  }

  /** Writes the present observation as a network's input: `observationSize` numbers, one-hot if discrete. */
  observeFlat(target: RealArray, offset = 0): void {
    const { model } = this;
    if (model.observationSpace.kind === 'box') {
      model.observe(this.#state, target, offset);
    } else {
      model.observe(this.#state, this.#observation, 0);
      flatten(model.observationSpace, this.#observation, 0, target, offset);
    }
  }

  /** Gymnasium's `info` of the last reset or step. */
  info(): EnvironmentInfo {
    return this.model.info?.(this.#state) ?? noInfo;
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

  #checkAction(): void {
    const action = this.#action;
    const choices = this.#choices;
    for (let i = 0; i < action.length; i++) {
      const x = action[i] ?? 0;
      const valid = choices > 0 ? Number.isInteger(x) && x >= 0 && x < choices : Number.isFinite(x);
      if (!valid) throw new RangeError(`${x} is not an action of ${this.model.id}`);
    }
  }
}
