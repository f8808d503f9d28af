import { Environment, type EnvironmentModel } from '../environments/environment.ts';
import { sizeOf } from '../environments/spaces.ts';
import { mean, populationVariance } from '../statistics.ts';
import type { Policy } from './policy.ts';

/** One recorded episode; draw a frame with `renderState(environment, frame, env_kwargs)`. */
export interface EpisodeReplay {
  readonly environment: string;
  /** Undiscounted return. */
  readonly reward: number;
  /** Steps. */
  readonly length: number;
  /** `length + 1` state vectors, first and last included, rounded to 4 decimals. */
  readonly frames: readonly (readonly number[])[];
  /** `length` actions as the environment took them, each a vector; action t leads from frame t to frame t + 1. */
  readonly actions: readonly (readonly number[])[];
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
const LONGEST_EPISODE = 1_000;

/** An episode that runs or has ended. */
interface Run {
  readonly environment: Environment;
  readonly frames: number[][];
  readonly actions: number[][];
  total: number;
}

/**
 * Runs the policy for `episodes` episodes, each in its own environment: episode i is that of
 * `reset(seed + i)`, whatever the others do. As many run side by side as the policy has room for.
 * @param poll asked before every step; true gives up
 * @returns null if `poll` asked to stop
 */
export function evaluatePolicy(
  policy: Policy,
  model: EnvironmentModel,
  seed: number,
  episodes: number,
  poll: () => boolean = () => false,
): Evaluation | null {
  if (!Number.isSafeInteger(episodes) || episodes < 1) {
    throw new RangeError(`the number of episodes must be a positive integer, not ${episodes}`);
  }
  const runs: Run[] = [];
  const begin = (): Run => {
    const environment = new Environment(model, seed + runs.length);
    const run = { environment, frames: [rounded(environment.frame())], actions: [], total: 0 };
    runs.push(run);
    return run;
  };
  let active = Array.from({ length: Math.min(policy.input.rows, episodes) }, begin);
  const actions = new Float64Array(active.length * sizeOf(model.actionSpace));
  while (active.length > 0) {
    if (poll()) return null;
    const going = stepAll(policy, active, actions);
    active = going.concat(
      Array.from({ length: Math.min(active.length - going.length, episodes - runs.length) }, begin),
    );
  }
  return summarise(runs, model);
}

/** One step of every run. @returns those that go on */
function stepAll(policy: Policy, active: readonly Run[], actions: Float64Array): Run[] {
  const { model } = policy.observer;
  const actionSize = sizeOf(model.actionSpace);
  const limit = model.maxEpisodeSteps ?? LONGEST_EPISODE;
  const raw = new Float64Array(sizeOf(model.observationSpace));
  active.forEach(({ environment }, i) => {
    environment.observe(raw);
    policy.observer.write(raw, 0, policy.input, i);
  });
  policy.decide(active.length, actions);
  return active.filter((run, i) => {
    const at = i * actionSize;
    const { reward, terminated, truncated } = run.environment.step(actions, at);
    run.total += reward;
    run.actions.push([...actions.subarray(at, at + actionSize)]);
    run.frames.push(rounded(run.environment.frame()));
    return !terminated && !truncated && run.actions.length < limit;
  });
}

function rounded(state: readonly number[]): number[] {
  return state.map((x) => Math.round(x * 1e4) / 1e4);
}

function summarise(runs: readonly Run[], { id, rewardThreshold }: EnvironmentModel): Evaluation | null {
  const returns = runs.map(({ total }) => total);
  const meanReward = mean(returns);
  const maxReward = Math.max(...returns);
  const best = runs.find(({ total }) => total === maxReward);
  if (best === undefined) return null;
  return {
    n_episodes: runs.length,
    mean_reward: meanReward,
    std_reward: Math.sqrt(populationVariance(returns)),
    min_reward: Math.min(...returns),
    max_reward: maxReward,
    mean_ep_length: mean(runs.map(({ actions }) => actions.length)),
    success: rewardThreshold !== null && meanReward >= rewardThreshold,
    returns,
    replay: {
      environment: id,
      reward: best.total,
      length: best.actions.length,
      frames: best.frames,
      actions: best.actions,
    },
  };
}
