import type { Network } from '../../engine/engine.ts';
import { greatest } from '../policy.ts';
import type { ReplayBatch } from '../replay-buffer.ts';

/**
 * The targets r + γ (1 - done) max Q_target(s', ·) of `count` transitions (Mnih et al. 2015), or with
 * `online` those of double DQN, whose next action is the online network's choice (van Hasselt, Guez,
 * Silver 2016).
 */
export function dqnTargets(
  targets: Float64Array,
  target: Network,
  online: Network | null,
  batch: ReplayBatch,
  count: number,
  gamma: number,
): void {
  target.forward(batch.nextObservations, count);
  online?.forward(batch.nextObservations, count);
  const { output } = target;
  const choosing = online?.output ?? output;
  for (let i = 0; i < count; i++) {
    const next = output.data[i * output.stride + greatest(choosing, i)] ?? 0;
    targets[i] = (batch.rewards[i] ?? 0) + gamma * (1 - (batch.dones[i] ?? 0)) * next;
  }
}

/**
 * Mean Huber loss (β = 1, PyTorch's `smooth_l1_loss`) of Q(s, a) against the targets; its gradient is
 * left for `network.backward`.
 */
export function dqnLoss(network: Network, batch: ReplayBatch, count: number, targets: Float64Array): number {
  const { output, outputGradient } = network;
  network.forward(batch.observations, count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const action = batch.actions[i] ?? 0;
    const error = (output.data[i * output.stride + action] ?? 0) - (targets[i] ?? 0);
    const size = Math.abs(error);
    sum += size < 1 ? 0.5 * error * error : size - 0.5;
    const row = i * outputGradient.stride;
    outputGradient.data.fill(0, row, row + outputGradient.columns);
    outputGradient.data[row + action] = Math.min(Math.max(error, -1), 1) / count;
  }
  return sum / count;
}
