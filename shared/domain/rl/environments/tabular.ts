import type { EnvironmentModel, RandomSource, Transition } from './environment.ts';
import type { Scene } from './scene.ts';
import { contains, discrete } from './spaces.ts';

/**
 * Finite environments as Gymnasium's `toy_text` has them: a table of transitions, from which one random
 * number a step picks, also where there is nothing to pick.
 */
export class TransitionTable {
  readonly states: number;
  readonly actions: number;
  /** Where the transitions of state · actions + action begin. */
  readonly #first: Int32Array;
  readonly #cumulative: Float64Array;
  readonly #all: readonly Transition[];

  constructor(
    states: number,
    actions: number,
    transitionsOf: (state: number, action: number) => readonly Transition[],
  ) {
    this.states = states;
    this.actions = actions;
    this.#first = new Int32Array(states * actions + 1);
    const all: Transition[] = [];
    const cumulative: number[] = [];
    for (let row = 0; row < states * actions; row++) {
      const transitions = transitionsOf(Math.floor(row / actions), row % actions);
      all.push(...transitions);
      cumulative.push(...cumulate(transitions.map(([probability]) => probability)));
      this.#first[row + 1] = all.length;
    }
    this.#all = all;
    this.#cumulative = Float64Array.from(cumulative);
  }

  /** The transition that a uniform draw picks. */
  pick(state: number, action: number, uniform: number): Transition {
    const row = state * this.actions + action;
    const first = this.#first[row] ?? 0;
    const end = this.#first[row + 1] ?? 0;
    const transition = this.#all[pickIndex(this.#cumulative, first, end, uniform)];
    if (transition === undefined) throw new RangeError(`there is no state ${state}`);
    return transition;
  }

  /** All transitions, [state][action]. */
  list(): Transition[][][] {
    return Array.from({ length: this.states }, (_, state) =>
      Array.from({ length: this.actions }, (_, action) => {
        const row = state * this.actions + action;
        return this.#all.slice(this.#first[row], this.#first[row + 1]);
      }),
    );
  }
}

/** Running sums of probabilities, in NumPy's order. */
export function cumulate(probabilities: readonly number[]): number[] {
  let sum = 0;
  return probabilities.map((probability) => {
    sum += probability;
    return sum;
  });
}

/**
 * The first index from `first` on whose running sum exceeds `uniform`; `first` if rounding leaves none
 * (`categorical_sample` in gymnasium/envs/toy_text/utils.py, whose argmax of nothing is 0).
 */
export function pickIndex(
  cumulative: ArrayLike<number>,
  first: number,
  end: number,
  uniform: number,
): number {
  for (let i = first; i < end; i++) if ((cumulative[i] ?? 0) > uniform) return i;
  return first;
}

// The state vector: Gymnasium's state, and the probability of the transition that led to it.
const STATE = 0;
const PROBABILITY = 1;

/** What makes a finite environment. */
export interface TabularRules {
  readonly id: string;
  readonly table: TransitionTable;
  /** Probability of starting in each state. */
  readonly initial: readonly number[];
  readonly maxEpisodeSteps: number | null;
  readonly rewardThreshold: number | null;
  render(state: number): Scene;
}

export function tabularModel(rules: TabularRules): EnvironmentModel {
  const { id, table, maxEpisodeSteps, rewardThreshold } = rules;
  const initial = cumulate(rules.initial);
  const space = discrete(table.states);
  return {
    id,
    observationSpace: space,
    actionSpace: discrete(table.actions),
    maxEpisodeSteps,
    rewardThreshold,
    stateLength: 2,
    start(state: Float64Array, random: RandomSource) {
      state[STATE] = pickIndex(initial, 0, initial.length, random.random());
      state[PROBABILITY] = 1;
    },
    advance(state, action, outcome, random) {
      const [probability, next, reward, terminated] = table.pick(
        state[STATE] ?? 0,
        action[0] ?? 0,
        random.random(),
      );
      state[STATE] = next;
      state[PROBABILITY] = probability;
      outcome.reward = reward;
      outcome.terminated = terminated;
    },
    observe(state, target, offset) {
      target[offset] = state[STATE] ?? 0;
    },
    internal: {
      read: (state) => state[STATE] ?? 0,
      write(state, internal) {
        if (typeof internal !== 'number' || !contains(space, [internal])) {
          throw new RangeError(`a state of ${id} is an integer below ${table.states}`);
        }
        state[STATE] = internal;
        state[PROBABILITY] = 1;
      },
    },
    info: (state) => ({ prob: state[PROBABILITY] ?? 1 }),
    transitions: () => table.list(),
    render: (state) => rules.render(state[STATE] ?? 0),
  };
}
