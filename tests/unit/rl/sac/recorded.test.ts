import { describe, expect, test } from 'vitest';
import { GaussianActor } from '#shared/domain/rl/algorithms/sac/gaussian-actor.ts';
import { createCritics, SacUpdate } from '#shared/domain/rl/algorithms/sac/update.ts';
import type { Engine, Tensor } from '#shared/domain/rl/engine/engine.ts';
import { engines } from '../engine/engines.ts';
import { fill, tensorDisagreements } from '../engine/matrices.ts';
import { largestDifference, type RecordedSac, recordedSac } from '../recorded.ts';

const recorded = recordedSac();
const size = recorded.batch.rewards.length;
const noise = {
  now: Float64Array.from(recorded.batch.noise.flat()),
  next: Float64Array.from(recorded.batch.next_noise.flat()),
};

const write = (tensors: readonly Tensor[], values: Readonly<Record<string, number[]>>): void => {
  for (const tensor of tensors) tensor.write(values[tensor.name] ?? []);
};

function build(engine: Engine): SacUpdate {
  const { obs_dim: observationSize, action_dim: actionSize, hidden: hiddenSizes } = recorded.net;
  const common = { hiddenSizes, activation: 'relu', maxBatch: size } as const;
  const actor = new GaussianActor(engine, { ...common, observationSize, actionSize });
  const inputs = observationSize + actionSize;
  const critics = [0, 1].map(() => createCritics(engine, { ...common, inputs }));
  const update = new SacUpdate(engine, actor, critics, {
    observationSize,
    batchSize: size,
    gamma: recorded.hyper.gamma,
    tau: recorded.hyper.tau,
    entropyCoef: 1,
    targetEntropy: recorded.hyper.target_entropy,
  });
  write(actor.tensors, recorded.actor);
  write(update.critics.tensors, recorded.critic);
  write(update.targets.tensors, recorded.critic_target);
  update.temperature?.tensors[0]?.write([recorded.log_ent_coef]);
  fill(update.batch.observations, recorded.batch.observations);
  fill(update.batch.nextObservations, recorded.batch.next_observations);
  update.batch.actions.set(recorded.batch.actions.flat());
  update.batch.rewards.set(recorded.batch.rewards);
  update.batch.dones.set(recorded.batch.dones);
  return update;
}

describe.each(engines)('SAC on the $name engine equals Stable-Baselines3', ({ engine, tolerance }) => {
  test('actions and their log-probabilities from given noise', () => {
    const { actor, batch } = build(engine);
    const actions = new Float64Array(size * actor.actionSize);
    const logProbs = new Float64Array(size);
    const { forward } = recorded;
    actor.forward(batch.observations, size);
    actor.sample(size, noise.now, actions, logProbs);
    expect(largestDifference(actions, forward.actions_pi.flat())).toBeLessThan(tolerance);
    expect(largestDifference(logProbs, forward.log_prob)).toBeLessThan(10 * tolerance);
    actor.forward(batch.nextObservations, size);
    actor.sample(size, noise.next, actions, logProbs);
    expect(largestDifference(actions, forward.next_actions.flat())).toBeLessThan(tolerance);
    expect(largestDifference(logProbs, forward.next_log_prob)).toBeLessThan(10 * tolerance);
  });

  test('losses and gradients of the first step, and the parameters after the first and the third', () => {
    const update = build(engine);
    const check = ({ actor, critic, critic_target, log_ent_coef }: RecordedSac['after_step_1']): void => {
      const differ = (tensors: readonly Tensor[], expected: Readonly<Record<string, number[]>>) =>
        tensorDisagreements(tensors, 'read', expected, 3 * tolerance);
      expect(differ(update.actor.tensors, actor)).toEqual([]);
      expect(differ(update.critics.tensors, critic)).toEqual([]);
      expect(differ(update.targets.tensors, critic_target)).toEqual([]);
      const learnt = update.temperature?.tensors[0]?.read()[0] ?? Number.NaN;
      expect(Math.abs(learnt - log_ent_coef)).toBeLessThan(tolerance);
    };
    recorded.steps.forEach((expected, i) => {
      const losses = update.step(noise, recorded.hyper.learning_rate);
      for (const key of ['actor_loss', 'critic_loss', 'ent_coef', 'ent_coef_loss'] as const) {
        const difference = Math.abs(losses[key] - (expected[`train/${key}`] ?? Number.NaN));
        expect(difference, key).toBeLessThan(10 * tolerance);
      }
      if (i === 0) {
        const { actor, log_ent_coef } = recorded.gradients;
        expect(tensorDisagreements(update.actor.tensors, 'readGradient', actor, tolerance)).toEqual([]);
        const gradient = update.temperature?.tensors[0]?.readGradient()[0] ?? Number.NaN;
        expect(Math.abs(gradient - log_ent_coef)).toBeLessThan(tolerance);
        check(recorded.after_step_1);
      }
      if (i === 2) check(recorded.after_step_3);
    });
  });

  test('the critics’ gradients, which the actor’s pass through them leaves alone', () => {
    const update = build(engine);
    update.step(noise, recorded.hyper.learning_rate);
    const { critic } = recorded.gradients;
    expect(tensorDisagreements(update.critics.tensors, 'readGradient', critic, 3 * tolerance)).toEqual([]);
  });
});
