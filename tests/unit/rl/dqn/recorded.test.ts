import { describe, expect, test } from 'vitest';
import { qNetwork } from '#shared/domain/rl/algorithms/dqn/dqn.ts';
import { dqnLoss, dqnTargets } from '#shared/domain/rl/algorithms/dqn/loss.ts';
import type { Engine, ParameterSet } from '#shared/domain/rl/engine/engine.ts';
import { engines } from '../engine/engines.ts';
import { fill, rowsOf, tensorDisagreements } from '../engine/matrices.ts';
import { largestDifference, recordedDqn } from '../recorded.ts';

const recorded = recordedDqn();
const size = recorded.batch.rewards.length;
const { gamma, learning_rate, max_grad_norm } = recorded.hyper;

function write({ tensors }: ParameterSet, values: Readonly<Record<string, number[]>>): void {
  for (const tensor of tensors) tensor.write(values[tensor.name] ?? []);
}

function build(engine: Engine) {
  const { obs_dim, hidden, actions } = recorded.net;
  const plan = qNetwork(obs_dim, hidden, actions, 'relu', size);
  const online = engine.parameters({ networks: [plan] });
  const target = engine.parameters({ networks: [plan] });
  write(online, recorded.params);
  write(target, recorded.target_params);
  const batch = {
    observations: engine.matrix(size, obs_dim),
    nextObservations: engine.matrix(size, obs_dim),
    actions: Float64Array.from(recorded.batch.actions),
    rewards: Float64Array.from(recorded.batch.rewards),
    dones: Float64Array.from(recorded.batch.dones),
  };
  fill(batch.observations, recorded.batch.observations);
  fill(batch.nextObservations, recorded.batch.next_observations);
  return { online, target, batch, targets: new Float64Array(size) };
}

describe.each(engines)('DQN on the $name engine equals Stable-Baselines3', ({ engine, tolerance }) => {
  test('targets', () => {
    const { target, batch, targets } = build(engine);
    dqnTargets(targets, target.network(0), null, batch, size, gamma);
    expect(largestDifference(targets, recorded.forward.targets)).toBeLessThan(tolerance);
  });

  test('values, loss, gradients, their norm, and three steps', () => {
    const { online, target, batch, targets } = build(engine);
    const network = online.network(0);
    const optimizer = engine.adam(online, 1e-8);
    recorded.losses.forEach((expected, i) => {
      dqnTargets(targets, target.network(0), null, batch, size, gamma);
      const loss = dqnLoss(network, batch, size, targets);
      expect(Math.abs(loss - expected)).toBeLessThan(tolerance);
      network.backward(batch.observations, size, 'parameters');
      if (i === 0) {
        const values = rowsOf(network.output, size).flat();
        expect(largestDifference(values, recorded.forward.q_values.flat())).toBeLessThan(tolerance);
        const gradients = recorded.grads_before_clip;
        expect(tensorDisagreements(online.tensors, 'readGradient', gradients, tolerance)).toEqual([]);
      }
      const norm = optimizer.step(learning_rate, max_grad_norm);
      if (i === 0) expect(Math.abs(norm - recorded.grad_norm)).toBeLessThan(tolerance);
      const after = [recorded.params_after_step_1, null, recorded.params_after_step_3][i];
      if (after) expect(tensorDisagreements(online.tensors, 'read', after, tolerance)).toEqual([]);
    });
  });

  test('double DQN takes the target network’s value of the online network’s choice', () => {
    const { online, target, batch, targets } = build(engine);
    dqnTargets(targets, target.network(0), online.network(0), batch, size, gamma);
    online.network(0).forward(batch.nextObservations, size);
    const chosen = rowsOf(online.network(0).output, size).map((row) => row.indexOf(Math.max(...row)));
    const expected = recorded.forward.next_q_values.map((row, i) => {
      const { rewards, dones } = recorded.batch;
      return (rewards[i] ?? 0) + gamma * (1 - (dones[i] ?? 0)) * (row[chosen[i] ?? 0] ?? 0);
    });
    expect(largestDifference(targets, expected)).toBeLessThan(10 * tolerance);
    expect(largestDifference(targets, recorded.forward.targets)).toBeGreaterThan(0.001);
  });
});
