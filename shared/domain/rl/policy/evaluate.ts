import type { Environment } from '../environments/environment.ts';
import { environmentModel, makeEnvironment } from '../environments/index.ts';
import type { GivenKwargs } from '../environments/kwargs.ts';
import { type Action, createActor } from './act.ts';
import type { Policy } from './policy.ts';
import { estimate } from './student-t.ts';

/** What one episode came to. */
export interface EpisodeResult {
  /** Undiscounted return. */
  readonly reward: number;
  /** Steps. */
  readonly length: number;
}

/** One recorded episode; draw a frame with `renderState(environment, frame, env_kwargs)`. */
export interface PolicyReplay extends EpisodeResult {
  readonly environment: string;
  readonly env_kwargs: GivenKwargs;
  /** `length + 1` state vectors, first and last included, rounded to 4 decimals. */
  readonly frames: readonly (readonly number[])[];
  /** `length` actions: integers, or lists of numbers rounded to 4 decimals. */
  readonly actions: readonly (number | readonly number[])[];
}

/** Episodes of the deterministic policy, and what they say of its mean return. */
export interface PolicyEvaluation {
  readonly n_episodes: number;
  readonly mean_reward: number;
  /** Of the sample (n − 1). */
  readonly std_reward: number;
  /** 95 % confidence interval of the mean (Student's t). */
  readonly ci95_reward: readonly [number, number];
  readonly min_reward: number;
  readonly max_reward: number;
  readonly mean_ep_length: number;
  readonly min_ep_length: number;
  readonly max_ep_length: number;
  /** The mean reaches the environment's threshold; false where it has none. */
  readonly success: boolean;
  /** In the order of the seeds. */
  readonly episodes: readonly EpisodeResult[];
  /** An episode of median return (the lower of the two in the middle). */
  readonly median: PolicyReplay;
  /** The first episode of the highest return. */
  readonly best: PolicyReplay;
}

/** For environments without a time limit, where a deterministic policy may never end. */
export const longestEpisode = 1_000;

/** The most steps that one episode of this environment can have here. */
export function episodeLimit(environment: string, kwargs: GivenKwargs): number {
  return environmentModel(environment, kwargs).maxEpisodeSteps ?? longestEpisode;
}

/**
 * Evaluates a policy episode by episode, so that whoever runs it can do something else between two:
 *
 *     const evaluation = new SeededEvaluation(policy, seeds);
 *     while (!evaluation.done) evaluation.next();
 *     evaluation.result();
 *
 * Each episode is one `reset(seed)`: the same policy and seeds give the same result, whatever came between.
 */
export class SeededEvaluation {
  readonly #policy: Policy;
  readonly #seeds: readonly number[];
  readonly #environment: Environment;
  readonly #run: Runner;
  readonly #episodes: EpisodeResult[] = [];

  /** @param seeds at least two; integers, 0 <= seed < 2^53 */
  constructor(policy: Policy, seeds: readonly number[]) {
    if (seeds.length < 2) throw new RangeError('an evaluation needs at least two seeds');
    this.#policy = policy;
    this.#seeds = seeds;
    this.#environment = makeEnvironment(policy.environment, seeds[0] ?? 0, policy.env_kwargs);
    this.#run = createRunner(policy, this.#environment);
  }

  get done(): boolean {
    return this.#episodes.length === this.#seeds.length;
  }

  /** Episodes so far. */
  get count(): number {
    return this.#episodes.length;
  }

  next(): EpisodeResult {
    const seed = this.#seeds[this.#episodes.length];
    if (seed === undefined) throw new RangeError('all episodes are done');
    const result = this.#run(seed, () => undefined);
    this.#episodes.push(result);
    return result;
  }

  result(): PolicyEvaluation {
    if (!this.done) throw new RangeError('not all episodes are done');
    const episodes = this.#episodes;
    const rewards = episodes.map(({ reward }) => reward);
    const lengths = episodes.map(({ length }) => length);
    const { rewardThreshold } = this.#environment.model;
    const { mean, std, ci95 } = estimate(rewards);
    const byReward = rewards.map((_, i) => i).sort((a, b) => (rewards[a] ?? 0) - (rewards[b] ?? 0) || a - b);
    const max_reward = Math.max(...rewards);
    return {
      n_episodes: episodes.length,
      mean_reward: mean,
      std_reward: std,
      ci95_reward: ci95,
      min_reward: Math.min(...rewards),
      max_reward,
      ...lengthsOf(lengths),
      success: rewardThreshold !== null && mean >= rewardThreshold,
      episodes: [...episodes],
      median: this.#replay(byReward[Math.floor((episodes.length - 1) / 2)] ?? 0),
      best: this.#replay(rewards.indexOf(max_reward)),
    };
  }

  /** Plays an episode again, and records it. */
  #replay(index: number): PolicyReplay {
    const { environment, env_kwargs } = this.#policy;
    const frames: number[][] = [];
    const actions: (number | number[])[] = [];
    const result = this.#run(this.#seeds[index] ?? 0, (action) => {
      frames.push(this.#environment.frame().map(rounded));
      if (action !== null) actions.push(typeof action === 'number' ? action : Array.from(action, rounded));
    });
    return { environment, env_kwargs, ...result, frames, actions };
  }
}

/**
 * Mean return with its confidence interval over one episode a seed, and the replays of the median and the best.
 * @throws RangeError for fewer than two seeds
 */
export function evaluateOn(policy: Policy, seeds: readonly number[]): PolicyEvaluation {
  const evaluation = new SeededEvaluation(policy, seeds);
  while (!evaluation.done) evaluation.next();
  return evaluation.result();
}

/** Called with each state: with null at the start, with the action that led to it after. */
type Watch = (action: Action | null) => void;
type Runner = (seed: number, watch: Watch) => EpisodeResult;

function createRunner(policy: Policy, environment: Environment): Runner {
  const act = createActor(policy);
  const observation = new Float64Array(environment.observationSize);
  const limit = episodeLimit(policy.environment, policy.env_kwargs);
  return (seed, watch) => {
    environment.reset(seed);
    watch(null);
    let reward = 0;
    let length = 0;
    for (let ended = false; !ended && length < limit; length++) {
      environment.observeFlat(observation);
      const action = act(observation);
      const outcome = environment.step(action);
      reward += outcome.reward;
      ended = outcome.terminated || outcome.truncated;
      watch(action);
    }
    return { reward, length };
  };
}

const rounded = (x: number): number => Math.round(x * 1e4) / 1e4;

const lengthsOf = (lengths: readonly number[]) => ({
  mean_ep_length: lengths.reduce((sum, n) => sum + n, 0) / lengths.length,
  min_ep_length: Math.min(...lengths),
  max_ep_length: Math.max(...lengths),
});
