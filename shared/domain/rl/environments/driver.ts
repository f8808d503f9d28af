import { Environment, type EnvironmentInfo, type InternalState, type RandomSource } from './environment.ts';
import { environmentModel } from './index.ts';
import type { GivenKwargs } from './kwargs.ts';
import { sizeOf } from './spaces.ts';

/** An observation as Gymnasium gives it: numbers of a Box or Tuple, one integer of a Discrete. */
export type Observation = number | readonly number[];

/** Gymnasium's `step`: observation, reward, terminated, truncated, info. */
export interface DrivenStep {
  readonly observation: Observation;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: EnvironmentInfo;
}

/** The chances of one step, given instead of drawn: what `random()` and `integers(n)` return, in order. */
export interface ScriptedDraws {
  readonly random?: readonly number[];
  /** Blackjack draws a card as `integers(13)`: card 1 … 10 is 0 … 9 (10 … 12 are tens too). */
  readonly integers?: readonly number[];
}

/**
 * An environment to be driven from outside, in Gymnasium's forms and plain JSON values: for comparing
 * recorded episodes step by step, with the state set before each.
 *
 *     const driver = driveEnvironment('FrozenLake-v1', { is_slippery: true });
 *     driver.reset(0);
 *     driver.state = 4;
 *     driver.step(2, { random: [0.7] }); // { observation: 5, reward: 0, terminated: true, … }
 *
 * @throws UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function driveEnvironment(id: string, kwargs: GivenKwargs = {}): EnvironmentDriver {
  return new EnvironmentDriver(new Environment(environmentModel(id, kwargs), 0));
}

export class EnvironmentDriver {
  /** What is driven. */
  readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** Starts an episode; equals Gymnasium's `reset(seed=seed)`. */
  reset(seed?: number): { readonly observation: Observation; readonly info: EnvironmentInfo } {
    this.environment.reset(seed);
    return { observation: this.observation, info: this.environment.info() };
  }

  /** The internal state: a vector, a table's integer, or the hands {dealer, player} of Blackjack. */
  get state(): InternalState {
    const frame = this.environment.frame();
    return this.environment.model.internal?.read(frame) ?? frame;
  }

  /**
   * Sets the internal state; steps counted and generator stay.
   * @throws RangeError if it is not one of this environment
   */
  set state(internal: InternalState) {
    const { environment } = this;
    const saved = environment.getState();
    const state = Float64Array.from(saved.state);
    if (environment.model.internal !== undefined) environment.model.internal.write(state, internal);
    else if (Array.isArray(internal) && internal.length === state.length) state.set(internal);
    else throw new RangeError(`a state of ${environment.model.id} is a list of ${state.length} numbers`);
    environment.setState({ ...saved, state: [...state] });
  }

  get observation(): Observation {
    const { observationSpace } = this.environment.model;
    const values = new Float64Array(sizeOf(observationSpace));
    this.environment.observe(values);
    return observationSpace.kind === 'discrete' ? (values[0] ?? 0) : [...values];
  }

  /**
   * @param action an integer, or a list of numbers
   * @param draws the chances of this step; the environment's generator by default
   * @throws RangeError if the action is not one, or a draw is missing
   */
  step(action: number | readonly number[], draws?: ScriptedDraws): DrivenStep {
    const { environment } = this;
    const random = draws === undefined ? undefined : scripted(draws);
    const { reward, terminated, truncated } = environment.step(action, 0, random);
    return { observation: this.observation, reward, terminated, truncated, info: environment.info() };
  }
}

function scripted({ random = [], integers = [] }: ScriptedDraws): RandomSource {
  const next = (values: Iterator<number>): number => {
    const { done, value } = values.next();
    if (done === true) throw new RangeError('the step draws more than was given');
    return value;
  };
  const reals = random[Symbol.iterator]();
  const wholes = integers[Symbol.iterator]();
  return {
    random: () => next(reals),
    uniform: (low, high) => low + (high - low) * next(reals),
    integers: () => next(wholes),
  };
}
