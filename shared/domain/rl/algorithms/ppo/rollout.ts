import type { Engine, Matrix } from '../../engine/engine.ts';
import type { VectorEnvironment } from '../../environments/vector.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import type { EpisodeWindow } from '../episode-window.ts';
import { clipActions, type Observer } from '../policy.ts';
import type { ActorCritic } from './actor-critic.ts';
import { generalisedAdvantages } from './gae.ts';

/** Consecutive steps of several environments; arrays are [steps][environments], row by row. */
export interface Rollout {
  readonly steps: number;
  readonly environments: number;
  /** [steps + 1][environments] rows, as the networks see them; the last are those after the last step. */
  readonly observations: Matrix;
  /** [steps][environments][actionSize], as drawn: not clipped to the action space. */
  readonly actions: Float64Array;
  /** Rewards, with γ V(terminal observation) added where the time limit cut an episode. */
  readonly rewards: Float64Array;
  readonly values: Float64Array;
  readonly logProbs: Float64Array;
  /** 1 where an episode begins. */
  readonly episodeStarts: Float64Array;
  readonly advantages: Float64Array;
  readonly returns: Float64Array;
}

export function createRollout(
  engine: Engine,
  steps: number,
  environments: number,
  observationSize: number,
  actionSize: number,
): Rollout {
  const size = steps * environments;
  return {
    steps,
    environments,
    observations: engine.matrix(size + environments, observationSize),
    actions: new Float64Array(size * actionSize),
    rewards: new Float64Array(size),
    values: new Float64Array(size),
    logProbs: new Float64Array(size),
    episodeStarts: new Float64Array(size),
    advantages: new Float64Array(size),
    returns: new Float64Array(size),
  };
}

/** What a rollout is collected with. */
export interface RolloutSource {
  readonly network: ActorCritic;
  readonly vector: VectorEnvironment;
  readonly observer: Observer;
  /** One row, for terminal observations. */
  readonly terminal: Matrix;
  /** The stream that samples actions. */
  readonly random: Pcg64;
  readonly episodes: EpisodeWindow;
  readonly gamma: number;
  readonly gaeLambda: number;
  /** Steps between new noise (gSDE); -1: once a rollout. */
  readonly noiseEvery: number;
  /** Asked every 256 environment steps; true gives the rollout up. */
  readonly poll: () => boolean;
}

const STEPS_PER_POLL = 256;

/**
 * Fills `rollout` by following the policy from where the environments stand, then computes values,
 * advantages and returns.
 * @returns false if `poll` asked to stop; the rollout is then incomplete
 */
export function collectRollout(rollout: Rollout, source: RolloutSource): boolean {
  const { network, vector, random, noiseEvery, poll } = source;
  const { actor } = network;
  const n = rollout.environments;
  const taken = new Float64Array(n * actor.actionSize);
  const pollEvery = Math.max(1, Math.floor(STEPS_PER_POLL / n));
  const flat = new Float64Array(n * vector.observationSize);
  actor.resetNoise?.(n, random);
  for (let i = 0; i < n; i++) writeObservation(rollout, source, i, i);
  for (let t = 0; t < rollout.steps; t++) {
    if (t % pollEvery === 0 && poll()) return false;
    if (noiseEvery > 0 && t > 0 && t % noiseEvery === 0) actor.resetNoise?.(n, random);
    actor.forward(rollout.observations, n, t * n);
    for (let i = 0; i < n; i++) {
      const at = (t * n + i) * actor.actionSize;
      rollout.episodeStarts[t * n + i] = vector.isStart(i) ? 1 : 0;
      rollout.logProbs[t * n + i] = actor.sample(i, rollout.actions, at, random);
      for (let j = 0; j < actor.actionSize; j++) {
        taken[i * actor.actionSize + j] = rollout.actions[at + j] ?? 0;
      }
    }
    clipActions(vector.model, taken, n);
    vector.step(taken);
    recordStep(rollout, source, t, flat);
  }
  estimateAdvantages(rollout, source);
  return true;
}

function writeObservation(
  rollout: Rollout,
  { vector, observer }: RolloutSource,
  i: number,
  row: number,
): void {
  observer.write(
    vector.observations,
    (i * vector.observations.length) / vector.count,
    rollout.observations,
    row,
  );
}

/** Takes rewards and next observations from the environments. */
function recordStep(rollout: Rollout, source: RolloutSource, t: number, flat: Float64Array): void {
  const { vector, observer, episodes } = source;
  const { normaliser } = observer;
  const n = rollout.environments;
  const rewards = rollout.rewards.subarray(t * n, (t + 1) * n);
  if (normaliser === null) rewards.set(vector.rewards);
  else {
    vector.flattenObservations(flat);
    normaliser.countObservations(flat);
    normaliser.normaliseRewards(vector.rewards, vector.dones, rewards);
  }
  for (let i = 0; i < n; i++) {
    writeObservation(rollout, source, i, (t + 1) * n + i);
    if (vector.dones[i] !== 1) continue;
    episodes.record(vector.episodeReturns[i] ?? 0, vector.episodeLengths[i] ?? 0);
    // The time limit is not part of the task: what would have followed counts (Pardo et al. 2018).
    if (vector.timeouts[i] === 1) rewards[i] = (rewards[i] ?? 0) + source.gamma * terminalValue(source, i);
  }
}

function terminalValue(
  { network: { critic }, vector, observer, terminal }: RolloutSource,
  i: number,
): number {
  const from = (i * vector.terminalObservations.length) / vector.count;
  observer.write(vector.terminalObservations, from, terminal, 0);
  critic.forward(terminal, 1);
  return critic.output.data[0] ?? 0;
}

/** The critic does not change during a rollout, so its values are computed in batches afterwards. */
function estimateAdvantages(rollout: Rollout, { network, vector, gamma, gaeLambda }: RolloutSource): void {
  const { critic, shape } = network;
  const n = rollout.environments;
  const rows = rollout.steps * n;
  const all = new Float64Array(rows + n);
  for (let from = 0; from < all.length; from += shape.maxBatch) {
    const count = Math.min(shape.maxBatch, all.length - from);
    critic.forward(rollout.observations, count, from);
    const { data, stride } = critic.output;
    for (let r = 0; r < count; r++) all[from + r] = data[r * stride] ?? 0;
  }
  rollout.values.set(all.subarray(0, rows));
  generalisedAdvantages(
    {
      nSteps: rollout.steps,
      nEnvs: n,
      rewards: rollout.rewards,
      values: rollout.values,
      episodeStarts: rollout.episodeStarts,
      lastValues: all.subarray(rows),
      dones: Float64Array.from({ length: n }, (_, i) => (vector.isStart(i) ? 1 : 0)),
    },
    gamma,
    gaeLambda,
    rollout.advantages,
    rollout.returns,
  );
}
