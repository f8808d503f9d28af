import type { Environment } from '../environments/environment.ts';
import type { Pcg64 } from '../random/pcg64.ts';
import type { ActorCritic } from './actor-critic.ts';
import { logSoftmaxInPlace, sampleAction } from './categorical.ts';
import type { EpisodeWindow } from './episode-window.ts';
import { generalisedAdvantages } from './gae.ts';

/** One rollout of `steps` consecutive environment steps. */
export interface Rollout {
  readonly steps: number;
  /** [steps][observationSize] */
  readonly observations: Float64Array;
  readonly actions: Int32Array;
  /** Rewards, with γ V(terminal observation) added where the time limit cut an episode. */
  readonly rewards: Float64Array;
  readonly values: Float64Array;
  readonly logProbs: Float64Array;
  /** 1 where an episode begins. */
  readonly episodeStarts: Float64Array;
  readonly advantages: Float64Array;
  readonly returns: Float64Array;
}

export function createRollout(steps: number, observationSize: number): Rollout {
  return {
    steps,
    observations: new Float64Array(steps * observationSize),
    actions: new Int32Array(steps),
    rewards: new Float64Array(steps),
    values: new Float64Array(steps),
    logProbs: new Float64Array(steps),
    episodeStarts: new Float64Array(steps),
    advantages: new Float64Array(steps),
    returns: new Float64Array(steps),
  };
}

/** What a rollout is collected with. */
export interface RolloutSource {
  readonly network: ActorCritic;
  readonly environment: Environment;
  /** The stream that samples actions. */
  readonly random: Pcg64;
  readonly episodes: EpisodeWindow;
  readonly gamma: number;
  readonly gaeLambda: number;
  /** Asked every 256 steps; true gives the rollout up. */
  readonly poll: () => boolean;
}

const STEPS_PER_POLL = 256;

/**
 * Fills `rollout` by following the policy from where the environment stands, then computes values,
 * advantages and returns.
 * @returns false if `poll` asked to stop; the rollout is then incomplete
 */
export function collectRollout(rollout: Rollout, source: RolloutSource): boolean {
  const { network, environment, random, episodes, gamma, poll } = source;
  const { actor } = network;
  const { observationSize, actionCount } = network.shape;
  const { observations, episodeStarts } = rollout;
  const next = new Float64Array(observationSize);
  for (let t = 0; t < rollout.steps; t++) {
    if (t % STEPS_PER_POLL === 0 && poll()) return false;
    const at = t * observationSize;
    environment.observeFlat(observations, at);
    episodeStarts[t] = environment.elapsedSteps === 0 ? 1 : 0;
    actor.forward(observations, 1, at);
    logSoftmaxInPlace(actor.output, 1, actionCount);
    const action = sampleAction(actor.output, actionCount, random);
    const { reward, terminated, truncated } = environment.step(action);
    const ended = terminated || truncated;
    rollout.actions[t] = action;
    rollout.logProbs[t] = actor.output[action] ?? 0;
    rollout.rewards[t] = reward;
    episodes.record(reward, ended);
    if (!ended) continue;
    if (!terminated) {
      // The time limit is not part of the task: what would have followed counts (Pardo et al. 2018).
      environment.observeFlat(next);
      rollout.rewards[t] = reward + gamma * criticValue(network, next);
    }
    environment.reset();
  }
  environment.observeFlat(next);
  estimateAdvantages(rollout, source, next);
  return true;
}

function criticValue({ critic }: ActorCritic, observation: Float64Array): number {
  critic.forward(observation, 1);
  return critic.output[0] ?? 0;
}

/** The critic does not change during a rollout, so its values are computed in batches afterwards. */
function estimateAdvantages(
  rollout: Rollout,
  { network, environment, gamma, gaeLambda }: RolloutSource,
  lastObservation: Float64Array,
): void {
  const { critic, shape } = network;
  for (let t = 0; t < rollout.steps; t += shape.maxBatch) {
    const count = Math.min(shape.maxBatch, rollout.steps - t);
    critic.forward(rollout.observations, count, t * shape.observationSize);
    rollout.values.set(critic.output.subarray(0, count), t);
  }
  generalisedAdvantages(
    {
      nSteps: rollout.steps,
      nEnvs: 1,
      rewards: rollout.rewards,
      values: rollout.values,
      episodeStarts: rollout.episodeStarts,
      lastValues: Float64Array.of(criticValue(network, lastObservation)),
      dones: Float64Array.of(environment.elapsedSteps === 0 ? 1 : 0),
    },
    gamma,
    gaeLambda,
    rollout.advantages,
    rollout.returns,
  );
}
