import type { Adam } from '../networks/adam.ts';
import type { Pcg64 } from '../random/pcg64.ts';
import { explainedVariance, mean } from '../statistics.ts';
import type { ActorCritic } from './actor-critic.ts';
import type { UpdateMetrics } from './metrics.ts';
import {
  createMinibatch,
  type PpoLosses,
  type PpoLossSettings,
  type PpoMinibatch,
  ppoForward,
  ppoGradientStep,
} from './minibatch.ts';
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
  readonly optimizer: Adam;
  /** The stream that shuffles minibatches. */
  readonly random: Pcg64;
  /** Asked before every minibatch; true gives the update up. */
  readonly poll: () => boolean;
}

/** How an update ended. */
export type UpdateOutcome =
  /** `epochs` counts those begun, as Stable-Baselines3's `n_updates`. */
  | { readonly kind: 'completed'; readonly epochs: number; readonly metrics: UpdateMetrics }
  /** `poll` asked to stop; the network is in the middle of an update. */
  | { readonly kind: 'stopped' }
  /** A loss, a gradient or a parameter is not finite. */
  | { readonly kind: 'diverged' };

/** PPO's update (Stable-Baselines3's `PPO.train`): several shuffled passes over one rollout. */
export function updatePolicy(
  rollout: Rollout,
  source: UpdateSource,
  settings: UpdateSettings,
): UpdateOutcome {
  const { network, optimizer, random, poll } = source;
  const { batchSize, learningRate, maxGradNorm } = settings;
  const batch = createMinibatch(Math.min(batchSize, rollout.steps), network.shape.observationSize);
  const order = new Uint32Array(rollout.steps);
  const all: PpoLosses[] = [];
  let lastEpoch: PpoLosses[] = [];
  let epochs = 0;
  let goesOn = true;
  while (goesOn && epochs < settings.epochs) {
    shuffle(order, random);
    lastEpoch = [];
    for (let start = 0; goesOn && start < rollout.steps; start += batchSize) {
      if (poll()) return { kind: 'stopped' };
      gather(batch, rollout, order.subarray(start, start + batchSize), network.shape.observationSize);
      const losses = ppoForward(network, batch, settings);
      if (!Number.isFinite(losses.loss)) return { kind: 'diverged' };
      all.push(losses);
      lastEpoch.push(losses);
      if (settings.targetKl !== null && losses.approx_kl > 1.5 * settings.targetKl) goesOn = false;
      else {
        const norm = ppoGradientStep(network, optimizer, batch, learningRate, maxGradNorm);
        if (!Number.isFinite(norm)) return { kind: 'diverged' };
      }
    }
    epochs += 1;
  }
  if (!network.parameters.every(Number.isFinite)) return { kind: 'diverged' };
  return { kind: 'completed', epochs, metrics: summariseUpdate(rollout, settings, all, lastEpoch) };
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

function gather(batch: PpoMinibatch, rollout: Rollout, indices: Uint32Array, observationSize: number): void {
  batch.size = indices.length;
  for (let i = 0; i < indices.length; i++) {
    const t = indices[i] ?? 0;
    const from = t * observationSize;
    for (let k = 0; k < observationSize; k++) {
      batch.observations[i * observationSize + k] = rollout.observations[from + k] ?? 0;
    }
    batch.actions[i] = rollout.actions[t] ?? 0;
    batch.oldLogProbs[i] = rollout.logProbs[t] ?? 0;
    batch.oldValues[i] = rollout.values[t] ?? 0;
    batch.advantages[i] = rollout.advantages[t] ?? 0;
    batch.returns[i] = rollout.returns[t] ?? 0;
  }
}

function summariseUpdate(
  rollout: Rollout,
  settings: UpdateSettings,
  all: readonly PpoLosses[],
  lastEpoch: readonly PpoLosses[],
): UpdateMetrics {
  const meanOf = (losses: readonly PpoLosses[], key: keyof PpoLosses): number =>
    mean(losses.map((entry) => entry[key]));
  const metrics: UpdateMetrics = {
    'train/entropy_loss': meanOf(all, 'entropy_loss'),
    'train/policy_gradient_loss': meanOf(all, 'policy_gradient_loss'),
    'train/value_loss': meanOf(all, 'value_loss'),
    'train/approx_kl': meanOf(lastEpoch, 'approx_kl'),
    'train/clip_fraction': meanOf(all, 'clip_fraction'),
    'train/loss': all.at(-1)?.loss ?? Number.NaN,
    'train/explained_variance': explainedVariance(rollout.values, rollout.returns),
    'train/clip_range': settings.clipRange,
    'train/learning_rate': settings.learningRate,
  };
  if (settings.clipRangeVf !== null) metrics['train/clip_range_vf'] = settings.clipRangeVf;
  return metrics;
}
