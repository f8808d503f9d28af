import { Environment, type EnvironmentModel, type EnvironmentState } from './environment.ts';
import { flatten, type RealArray, sizeOf } from './spaces.ts';

/** All of a vector environment, JSON-able; with it, a copy continues exactly. */
export interface VectorEnvironmentState {
  readonly environments: readonly EnvironmentState[];
  /** Return so far of each running episode. */
  readonly returns: readonly number[];
}

/**
 * Several copies of one environment, stepped together, with the semantics of Stable-Baselines3's
 * `DummyVecEnv` around `Monitor`: copy i is seeded with `seed + i`, and a copy whose episode ends is
 * reset at once, so `observations` already belongs to the next episode while `terminalObservations`
 * keeps the last one of the old. The arrays are reused by every step; nothing is allocated.
 */
export class VectorEnvironment {
  readonly model: EnvironmentModel;
  readonly environments: readonly Environment[];
  /** Length of one flattened observation. */
  readonly observationSize: number;
  /** [n][sizeOf(observationSpace)], as Gymnasium gives them; `flattenObservations` for networks. */
  readonly observations: Float64Array;
  /** The same, of the episodes that ended at this step; other rows are stale. */
  readonly terminalObservations: Float64Array;
  readonly rewards: Float64Array;
  /** 1 where the episode ended at this step. */
  readonly dones: Uint8Array;
  /** 1 where only the time limit ended it: Stable-Baselines3's `TimeLimit.truncated`. */
  readonly timeouts: Uint8Array;
  /** Where `dones` is 1: undiscounted return and length of that episode. */
  readonly episodeReturns: Float64Array;
  readonly episodeLengths: Float64Array;
  readonly #returns: Float64Array;
  readonly #rawSize: number;
  readonly #actionSize: number;

  /** @param seed integer, 0 <= seed and seed + count <= 2^53 */
  constructor(model: EnvironmentModel, count: number, seed: number) {
    this.model = model;
    this.environments = Array.from({ length: count }, (_, i) => new Environment(model, seed + i));
    this.observationSize = this.environments[0]?.observationSize ?? 0;
    this.#rawSize = sizeOf(model.observationSpace);
    this.#actionSize = sizeOf(model.actionSpace);
    this.observations = new Float64Array(count * this.#rawSize);
    this.terminalObservations = new Float64Array(count * this.#rawSize);
    this.rewards = new Float64Array(count);
    this.dones = new Uint8Array(count);
    this.timeouts = new Uint8Array(count);
    this.episodeReturns = new Float64Array(count);
    this.episodeLengths = new Float64Array(count);
    this.#returns = new Float64Array(count);
    this.#observe();
  }

  /** Number of copies. */
  get count(): number {
    return this.environments.length;
  }

  /** Whether copy i stands at the beginning of an episode. */
  isStart(i: number): boolean {
    return this.environments[i]?.elapsedSteps === 0;
  }

  /** Starts a new episode in every copy; with a seed, copy i is seeded with `seed + i`. */
  reset(seed?: number): void {
    this.environments.forEach((environment, i) => {
      environment.reset(seed === undefined ? undefined : seed + i);
    });
    this.#returns.fill(0);
    this.dones.fill(0);
    this.timeouts.fill(0);
    this.#observe();
  }

  /**
   * Applies row i of `actions`, [n][sizeOf(actionSpace)], to copy i.
   * @throws RangeError as `Environment.step`
   */
  step(actions: ArrayLike<number>): void {
    const { environments, observations } = this;
    for (let i = 0; i < environments.length; i++) {
      const environment = environments[i];
      if (environment === undefined) continue;
      const { reward, terminated, truncated } = environment.step(actions, i * this.#actionSize);
      const total = (this.#returns[i] ?? 0) + reward;
      const done = terminated || truncated;
      this.rewards[i] = reward;
      this.dones[i] = done ? 1 : 0;
      this.timeouts[i] = done && !terminated ? 1 : 0;
      this.#returns[i] = done ? 0 : total;
      if (done) this.#finish(environment, i, total);
      environment.observe(observations, i * this.#rawSize);
    }
  }

  /** Writes all observations as networks' inputs, [n][observationSize], into `target` from `offset` on. */
  flattenObservations(target: RealArray, offset = 0): void {
    const { model, observationSize } = this;
    for (let i = 0; i < this.environments.length; i++) {
      const at = offset + i * observationSize;
      flatten(model.observationSpace, this.observations, i * this.#rawSize, target, at);
    }
  }

  /** The same for the terminal observation of copy i alone. */
  flattenTerminalObservation(i: number, target: RealArray, offset = 0): void {
    const { model } = this;
    flatten(model.observationSpace, this.terminalObservations, i * this.#rawSize, target, offset);
  }

  getState(): VectorEnvironmentState {
    return { environments: this.environments.map((e) => e.getState()), returns: [...this.#returns] };
  }

  /** @throws RangeError if the state is of another model or number of copies */
  setState(saved: VectorEnvironmentState): void {
    const { environments, returns } = saved;
    if (environments.length !== this.count || returns.length !== this.count) {
      throw new RangeError(`not a state of ${this.count} × ${this.model.id}`);
    }
    environments.forEach((state, i) => {
      this.environments[i]?.setState(state);
    });
    this.#returns.set(returns);
    this.dones.fill(0);
    this.timeouts.fill(0);
    this.#observe();
  }

  #finish(environment: Environment, i: number, total: number): void {
    environment.observe(this.terminalObservations, i * this.#rawSize);
    this.episodeReturns[i] = total;
    this.episodeLengths[i] = environment.elapsedSteps;
    environment.reset();
  }

  #observe(): void {
    this.environments.forEach((environment, i) => {
      environment.observe(this.observations, i * this.#rawSize);
    });
  }
}
