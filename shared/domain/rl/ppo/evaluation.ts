import { makeEnvironment } from '../environments/index.ts';
import { mean, populationVariance } from '../statistics.ts';
import type { ActorCritic } from './actor-critic.ts';
import { greedyAction } from './categorical.ts';

/** One recorded episode; draw a frame with `renderState(environment, frame)`. */
export interface EpisodeReplay {
  readonly environment: string;
  /** Undiscounted return. */
  readonly reward: number;
  /** Steps. */
  readonly length: number;
  /** `length + 1` state vectors, first and last included, rounded to 4 decimals. */
  readonly frames: readonly (readonly number[])[];
  /** `length` actions; action t leads from frame t to frame t + 1. */
  readonly actions: readonly number[];
}

/** Episodes of the deterministic policy. */
export interface Evaluation {
  readonly n_episodes: number;
  readonly mean_reward: number;
  /** Population standard deviation, as Stable-Baselines3's `evaluate_policy`. */
  readonly std_reward: number;
  readonly min_reward: number;
  readonly max_reward: number;
  /** Steps. */
  readonly mean_ep_length: number;
  /** The mean reaches the environment's threshold; false where it has none. */
  readonly success: boolean;
  /** Return of every episode, in order. */
  readonly returns: readonly number[];
  /** The first of the episodes with the highest return. */
  readonly replay: EpisodeReplay;
}

/** For environments without a time limit, where a deterministic policy may never end. */
const LONGEST_EPISODE = 10_000;

/**
 * Runs the most probable action for `episodes` episodes in a new environment.
 * @param seed of that environment's first reset
 * @param poll asked before every episode; true gives up
 * @returns null if `poll` asked to stop
 */
export function evaluatePolicy(
  network: ActorCritic,
  environmentId: string,
  seed: number,
  episodes: number,
  poll: () => boolean = () => false,
): Evaluation | null {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new RangeError(`the number of episodes must be a positive integer, not ${episodes}`);
  }
  const environment = makeEnvironment(environmentId, seed);
  const limit = environment.model.maxEpisodeSteps ?? LONGEST_EPISODE;
  const observation = new Float64Array(network.shape.observationSize);
  const rewards: number[] = [];
  const lengths: number[] = [];
  let replay: EpisodeReplay | null = null;
  for (let episode = 0; episode < episodes; episode++) {
    if (poll()) return null;
    if (episode > 0) environment.reset();
    const frames = [rounded(environment.frame())];
    const actions: number[] = [];
    let total = 0;
    for (let ended = false; !ended && actions.length < limit; ) {
      environment.observeFlat(observation);
      network.actor.forward(observation, 1);
      const action = greedyAction(network.actor.output, network.shape.actionCount);
      const { reward, terminated, truncated } = environment.step(action);
      total += reward;
      actions.push(action);
      frames.push(rounded(environment.frame()));
      ended = terminated || truncated;
    }
    rewards.push(total);
    lengths.push(actions.length);
    if (replay === null || total > replay.reward) {
      replay = { environment: environmentId, reward: total, length: actions.length, frames, actions };
    }
  }
  if (replay === null) return null;
  return summariseEvaluation(rewards, lengths, environment.model.rewardThreshold, replay);
}

function rounded(state: readonly number[]): number[] {
  return state.map((x) => Math.round(x * 1e4) / 1e4);
}

function summariseEvaluation(
  rewards: readonly number[],
  lengths: readonly number[],
  threshold: number | null,
  replay: EpisodeReplay,
): Evaluation {
  const meanReward = mean(rewards);
  return {
    n_episodes: rewards.length,
    mean_reward: meanReward,
    std_reward: Math.sqrt(populationVariance(rewards)),
    min_reward: Math.min(...rewards),
    max_reward: Math.max(...rewards),
    mean_ep_length: mean(lengths),
    success: threshold !== null && meanReward >= threshold,
    returns: rewards,
    replay,
  };
}
