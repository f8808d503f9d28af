import type { Engine, Matrix, Network, Optimizer } from '../../engine/engine.ts';
import { exp } from '../../numeric.ts';
import type { ActorCritic } from './actor-critic.ts';

/** Recorded samples to take one gradient step on; arrays may be longer than `size`. */
export interface PpoMinibatch {
  /** Number of samples. */
  size: number;
  /** [size] rows */
  readonly observations: Matrix;
  /** [size][actionSize] */
  readonly actions: Float64Array;
  /** [size], ln π_old(a|s) */
  readonly oldLogProbs: Float64Array;
  /** [size], V_old(s) */
  readonly oldValues: Float64Array;
  /** [size], raw; normalised here if so configured */
  readonly advantages: Float64Array;
  /** [size], the critic's targets */
  readonly returns: Float64Array;
}

export interface PpoLossSettings {
  readonly clipRange: number;
  /** null: the value function is not clipped. */
  readonly clipRangeVf: number | null;
  readonly valueCoef: number;
  readonly entropyCoef: number;
  readonly normalizeAdvantage: boolean;
}

/** The terms of one minibatch's loss; Stable-Baselines3's names and signs. */
export interface PpoLosses {
  policy_gradient_loss: number;
  value_loss: number;
  /** Minus the mean entropy. */
  entropy_loss: number;
  /** policy_gradient_loss + entropy_coef · entropy_loss + value_coef · value_loss */
  loss: number;
  /** Mean of (ratio - 1) - ln ratio (Schulman, "Approximating KL divergence", 2020). */
  approx_kl: number;
  /** Part of the samples with |ratio - 1| > clip_range. */
  clip_fraction: number;
}

/** An empty minibatch with room for `capacity` samples. */
export function createMinibatch(
  engine: Engine,
  capacity: number,
  observationSize: number,
  actionSize: number,
): PpoMinibatch {
  return {
    size: 0,
    observations: engine.matrix(capacity, observationSize),
    actions: new Float64Array(capacity * actionSize),
    oldLogProbs: new Float64Array(capacity),
    oldValues: new Float64Array(capacity),
    advantages: new Float64Array(capacity),
    returns: new Float64Array(capacity),
  };
}

/**
 * The clipped surrogate loss of a minibatch (Schulman et al. 2017, eq. 7 and 9), exactly as
 * Stable-Baselines3 computes it, and its gradients by the outputs of actor and critic, which are left
 * where `ppoBackward` finds them.
 */
export function ppoForward(network: ActorCritic, batch: PpoMinibatch, settings: PpoLossSettings): PpoLosses {
  const { actor, critic } = network;
  actor.forward(batch.observations, batch.size);
  critic.forward(batch.observations, batch.size);
  const losses: PpoLosses = {
    policy_gradient_loss: 0,
    value_loss: valueLoss(critic, batch, settings),
    entropy_loss: 0,
    loss: 0,
    approx_kl: 0,
    clip_fraction: 0,
  };
  policyLoss(network, batch, settings, losses);
  losses.loss =
    losses.policy_gradient_loss +
    settings.entropyCoef * losses.entropy_loss +
    settings.valueCoef * losses.value_loss;
  return losses;
}

/** Gradients of the loss by all parameters; call after `ppoForward`. */
export function ppoBackward({ actor, critic }: ActorCritic, batch: PpoMinibatch): void {
  actor.backward(batch.observations, batch.size);
  critic.backward(batch.observations, batch.size, 'parameters');
}

/**
 * One optimiser step from what `ppoForward` left, with gradients clipped to `maxGradNorm`.
 * @returns the gradient's norm before clipping
 */
export function ppoGradientStep(
  network: ActorCritic,
  optimizer: Optimizer,
  batch: PpoMinibatch,
  learningRate: number,
  maxGradNorm: number,
): number {
  ppoBackward(network, batch);
  return optimizer.step(learningRate, maxGradNorm);
}

/** Mean squared error against the returns, of the clipped prediction if `clipRangeVf` is set. */
function valueLoss(
  { output, outputGradient }: Network,
  batch: PpoMinibatch,
  { clipRangeVf, valueCoef }: PpoLossSettings,
): number {
  const limit = clipRangeVf ?? Number.POSITIVE_INFINITY;
  const gradient = outputGradient.data;
  let sum = 0;
  for (let i = 0; i < batch.size; i++) {
    const value = output.data[i * output.stride] ?? 0;
    const old = batch.oldValues[i] ?? 0;
    const change = value - old;
    const clipped = Math.abs(change) > limit;
    const predicted = clipped ? old + Math.sign(change) * limit : value;
    const error = predicted - (batch.returns[i] ?? 0);
    sum += error * error;
    gradient[i * outputGradient.stride] = clipped ? 0 : (valueCoef * 2 * error) / batch.size;
  }
  return sum / batch.size;
}

function policyLoss(
  { actor }: ActorCritic,
  batch: PpoMinibatch,
  { clipRange, entropyCoef, normalizeAdvantage }: PpoLossSettings,
  losses: PpoLosses,
): void {
  const { size, actions } = batch;
  const { mean, scale } = advantageScale(batch, normalizeAdvantage);
  let surrogate = 0;
  let entropySum = 0;
  let klSum = 0;
  let clipped = 0;
  for (let i = 0; i < size; i++) {
    const at = i * actor.actionSize;
    const advantage = ((batch.advantages[i] ?? 0) - mean) * scale;
    const logRatio = actor.logProbability(i, actions, at) - (batch.oldLogProbs[i] ?? 0);
    const ratio = exp(logRatio);
    const bounded = Math.min(Math.max(ratio, 1 - clipRange), 1 + clipRange);
    surrogate += Math.min(advantage * ratio, advantage * bounded);
    klSum += ratio - 1 - logRatio;
    if (Math.abs(ratio - 1) > clipRange) clipped += 1;
    // Outside the clip range the minimum is the constant branch, unless that is the worse one.
    const active = bounded === ratio || advantage * ratio < advantage * bounded;
    const byLogProb = active ? (-advantage * ratio) / size : 0;
    entropySum += actor.differentiate(i, actions, at, byLogProb, entropyCoef / size);
  }
  losses.policy_gradient_loss = -surrogate / size;
  losses.entropy_loss = -entropySum / size;
  losses.approx_kl = klSum / size;
  losses.clip_fraction = clipped / size;
}

/** What normalises the advantages of a minibatch: mean, and 1 / (unbiased sd + 1e-8). */
function advantageScale(batch: PpoMinibatch, normalize: boolean): { mean: number; scale: number } {
  const { size, advantages } = batch;
  // One sample has no spread (Stable-Baselines3 issue 325).
  if (!normalize || size < 2) return { mean: 0, scale: 1 };
  let sum = 0;
  for (let i = 0; i < size; i++) sum += advantages[i] ?? 0;
  const mean = sum / size;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const deviation = (advantages[i] ?? 0) - mean;
    squares += deviation * deviation;
  }
  return { mean, scale: 1 / (Math.sqrt(squares / (size - 1)) + 1e-8) };
}
