import type { Optimizer } from '../../engine/engine.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { explainedVariance, mean } from '../../statistics.ts';
import { requireFinite, TrainingDiverged } from '../algorithm.ts';
import type { PpoUpdateMetrics } from '../metrics.ts';
import type { ActorCritic } from './actor-critic.ts';
import {
  type PpoLosses,
  type PpoLossSettings,
  type PpoMinibatch,
  ppoForward,
  ppoGradientStep,
} from './loss.ts';
import type { Rollout } from './rollout.ts';

/** The settings of one update; schedules are already evaluated. */
export interface UpdateSettings extends PpoLossSettings {
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly maxGradNorm: number;
  /** null: never stop early. */
  readonly targetKl: number | null;
}

/** What an update works with. */
export interface UpdateSource {
  readonly network: ActorCritic;
  readonly optimizer: Optimizer;
  /** Room for a minibatch of `batchSize`. */
  readonly minibatch: PpoMinibatch;
  /** The stream that shuffles minibatches. */
  readonly random: Pcg64;
  /** Asked before every minibatch; true gives the update up. */
  readonly poll: () => boolean;
  /** Environment steps taken, for the message of a divergence. */
  readonly step: number;
}

export interface UpdateOutcome {
  /** Epochs begun, as Stable-Baselines3 counts `n_updates`. */
  readonly epochs: number;
  readonly metrics: Omit<PpoUpdateMetrics, 'train/n_updates'>;
}

/**
 * PPO's update (Stable-Baselines3's `PPO.train`): several shuffled passes over one rollout.
 * @returns null if `poll` asked to stop; the network is then in the middle of an update
 * @throws TrainingDiverged
 */
export function updatePolicy(
  rollout: Rollout,
  source: UpdateSource,
  settings: UpdateSettings,
): UpdateOutcome | null {
  const { network, optimizer, minibatch, random, poll, step } = source;
  const { batchSize, learningRate, maxGradNorm, targetKl } = settings;
  const order = new Uint32Array(rollout.steps * rollout.environments);
  const all: PpoLosses[] = [];
  let lastEpoch: PpoLosses[] = [];
  let epochs = 0;
  let goesOn = true;
  while (goesOn && epochs < settings.epochs) {
    shuffle(order, random);
    lastEpoch = [];
    for (let start = 0; goesOn && start < order.length; start += batchSize) {
      if (poll()) return null;
      gather(minibatch, rollout, order.subarray(start, start + batchSize), network.actor.actionSize);
      const losses = ppoForward(network, minibatch, settings);
      if (!Number.isFinite(losses.loss)) throw diverged(step, losses);
      all.push(losses);
      lastEpoch.push(losses);
      if (targetKl !== null && losses.approx_kl > 1.5 * targetKl) goesOn = false;
      else {
        const norm = ppoGradientStep(network, optimizer, minibatch, learningRate, maxGradNorm);
        if (!Number.isFinite(norm)) throw new TrainingDiverged(step, 'gradient');
      }
    }
    epochs += 1;
  }
  return { epochs, metrics: summarise(rollout, settings, network, all, lastEpoch) };
}

/** Names the term of the loss that is not finite. */
function diverged(
  step: number,
  { policy_gradient_loss, value_loss, entropy_loss }: PpoLosses,
): TrainingDiverged {
  try {
    requireFinite(step, { value_loss, policy_gradient_loss, entropy_loss });
  } catch (error) {
    if (error instanceof TrainingDiverged) return error;
    throw error;
  }
  return new TrainingDiverged(step, 'loss');
}

/** A new uniform order of 0 … length-1 (Fisher-Yates). */
function shuffle(order: Uint32Array, random: Pcg64): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integers(i + 1);
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
}

function gather(batch: PpoMinibatch, rollout: Rollout, indices: Uint32Array, actionSize: number): void {
  const { data: to, columns, stride } = batch.observations;
  const { data: from, stride: fromStride } = rollout.observations;
  batch.size = indices.length;
  for (let i = 0; i < indices.length; i++) {
    const t = indices[i] ?? 0;
    for (let k = 0; k < columns; k++) to[i * stride + k] = from[t * fromStride + k] ?? 0;
    for (let k = 0; k < actionSize; k++) {
      batch.actions[i * actionSize + k] = rollout.actions[t * actionSize + k] ?? 0;
    }
    batch.oldLogProbs[i] = rollout.logProbs[t] ?? 0;
    batch.oldValues[i] = rollout.values[t] ?? 0;
    batch.advantages[i] = rollout.advantages[t] ?? 0;
    batch.returns[i] = rollout.returns[t] ?? 0;
  }
}

function summarise(
  rollout: Rollout,
  settings: UpdateSettings,
  { actor }: ActorCritic,
  all: readonly PpoLosses[],
  lastEpoch: readonly PpoLosses[],
): UpdateOutcome['metrics'] {
  const meanOf = (losses: readonly PpoLosses[], key: keyof PpoLosses): number =>
    mean(losses.map((entry) => entry[key]));
  const std = actor.meanStd?.();
  return {
    'train/entropy_loss': meanOf(all, 'entropy_loss'),
    'train/policy_gradient_loss': meanOf(all, 'policy_gradient_loss'),
    'train/value_loss': meanOf(all, 'value_loss'),
    'train/approx_kl': meanOf(lastEpoch, 'approx_kl'),
    'train/clip_fraction': meanOf(all, 'clip_fraction'),
    'train/loss': all.at(-1)?.loss ?? Number.NaN,
    'train/explained_variance': explainedVariance(rollout.values, rollout.returns),
    'train/clip_range': settings.clipRange,
    ...(settings.clipRangeVf !== null && { 'train/clip_range_vf': settings.clipRangeVf }),
    'train/learning_rate': settings.learningRate,
    ...(std !== undefined && { 'train/std': std }),
  };
}
