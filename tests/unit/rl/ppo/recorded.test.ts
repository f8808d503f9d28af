import { describe, expect, test } from 'vitest';
import { type ActorCritic, createActorCritic } from '#shared/domain/rl/algorithms/ppo/actor-critic.ts';
import { generalisedAdvantages } from '#shared/domain/rl/algorithms/ppo/gae.ts';
import {
  createMinibatch,
  type PpoLossSettings,
  ppoBackward,
  ppoForward,
  ppoGradientStep,
} from '#shared/domain/rl/algorithms/ppo/loss.ts';
import { scheduled } from '#shared/domain/rl/algorithms/schedule.ts';
import type { Engine } from '#shared/domain/rl/engine/engine.ts';
import { explainedVariance, RunningMeanStd } from '#shared/domain/rl/index.ts';
import { engines } from '../engine/engines.ts';
import { fill, tensorDisagreements } from '../engine/matrices.ts';
import { largestDifference, type RecordedPpo, recordedMisc, recordedPpo } from '../recorded.ts';

const PPO_EPSILON = 1e-5;

function networkOf(engine: Engine, recorded: RecordedPpo): ActorCritic {
  const n = recorded.params['action_net.bias']?.length ?? 0;
  const bounds = Array.from({ length: n }, () => 1);
  const network = createActorCritic(engine, {
    observationSize: recorded.net.obs_dim,
    actionSpace:
      recorded.params['log_std'] === undefined
        ? { kind: 'discrete', n }
        : { kind: 'box', low: bounds.map((x) => -x), high: bounds },
    hiddenSizes: recorded.net.hidden,
    activation: 'tanh',
    maxBatch: recorded.batch.returns.length,
    stateDependentNoise: false,
    logStdInit: 0,
  });
  for (const tensor of network.parameters.tensors) tensor.write(recorded.params[tensor.name] ?? []);
  return network;
}

function batchOf(engine: Engine, { batch, net }: RecordedPpo) {
  const size = batch.returns.length;
  const minibatch = createMinibatch(engine, size, net.obs_dim, batch.actions[0]?.length ?? 1);
  minibatch.size = size;
  fill(minibatch.observations, batch.observations);
  minibatch.actions.set(batch.actions.flat());
  minibatch.oldValues.set(batch.old_values);
  minibatch.oldLogProbs.set(batch.old_log_prob);
  minibatch.advantages.set(batch.advantages);
  minibatch.returns.set(batch.returns);
  return minibatch;
}

function settingsOf({ hyper }: RecordedPpo): PpoLossSettings {
  return {
    clipRange: hyper.clip_range,
    clipRangeVf: hyper.clip_range_vf,
    valueCoef: hyper.vf_coef,
    entropyCoef: hyper.ent_coef,
    normalizeAdvantage: hyper.normalize_advantage,
  };
}

const recordings = ['algo_ppo_discrete', 'algo_ppo_discrete_clipvf', 'algo_ppo_continuous'];

describe.each(engines)('on the $name engine', ({ engine, tolerance }) => {
  describe.each(recordings)('%s equals Stable-Baselines3', (name) => {
    const recorded = recordedPpo(name);

    test('all tensors have its names and sizes', () => {
      const { parameters } = networkOf(engine, recorded);
      expect(parameters.tensors.map((tensor) => tensor.name)).toEqual(Object.keys(recorded.params));
      expect(tensorDisagreements(parameters.tensors, 'read', recorded.params, tolerance)).toEqual([]);
    });

    test('values, log-probabilities and entropy of the forward pass', () => {
      const { actor, critic } = networkOf(engine, recorded);
      const { observations, actions, size } = batchOf(engine, recorded);
      actor.forward(observations, size);
      critic.forward(observations, size);
      const rows = Array.from({ length: size }, (_, i) => i);
      const at = (i: number) => i * actor.actionSize;
      const values = rows.map((i) => critic.output.data[i * critic.output.stride] ?? 0);
      const logProbs = rows.map((i) => actor.logProbability(i, actions, at(i)));
      const entropies = rows.map((i) => actor.differentiate(i, actions, at(i), 0, 0));
      expect(largestDifference(values, recorded.forward.values)).toBeLessThan(tolerance);
      expect(largestDifference(logProbs, recorded.forward.log_prob)).toBeLessThan(10 * tolerance);
      expect(largestDifference(entropies, recorded.forward.entropy)).toBeLessThan(tolerance);
      if (recorded.forward.mean === undefined) return;
      const means = rows.flatMap((i) => {
        const decided = new Float64Array(actor.actionSize);
        actor.decide(i, decided, 0);
        return [...decided];
      });
      expect(largestDifference(means, recorded.forward.mean.flat())).toBeLessThan(tolerance);
    });

    test('gradients before and after clipping, and their norm', () => {
      const network = networkOf(engine, recorded);
      const { tensors } = network.parameters;
      const batch = batchOf(engine, recorded);
      ppoForward(network, batch, settingsOf(recorded));
      ppoBackward(network, batch);
      const gradients = (expected: Readonly<Record<string, number[]>>) =>
        tensorDisagreements(tensors, 'readGradient', expected, tolerance);
      expect(gradients(recorded.grads_before_clip)).toEqual([]);
      const norm = engine.adam(network.parameters, PPO_EPSILON).step(0, recorded.hyper.max_grad_norm);
      expect(Math.abs(norm - (recorded.steps[0]?.grad_norm ?? 0))).toBeLessThan(tolerance);
    });

    test('metrics of three steps, and the parameters after the first and the third', () => {
      const { hyper, steps } = recorded;
      const network = networkOf(engine, recorded);
      const { tensors } = network.parameters;
      const batch = batchOf(engine, recorded);
      const optimizer = engine.adam(network.parameters, hyper.adam.eps);
      steps.forEach(({ metrics, grad_norm }, i) => {
        const losses = ppoForward(network, batch, settingsOf(recorded));
        for (const [key, value] of Object.entries(losses)) {
          expect(Math.abs(value - (metrics[`train/${key}`] ?? Number.NaN)), key).toBeLessThan(10 * tolerance);
        }
        const norm = ppoGradientStep(network, optimizer, batch, hyper.learning_rate, hyper.max_grad_norm);
        expect(Math.abs(norm - grad_norm)).toBeLessThan(10 * tolerance);
        const std = metrics['train/std'];
        if (std !== undefined) {
          expect(Math.abs((network.actor.meanStd?.() ?? 0) - std)).toBeLessThan(tolerance);
        }
        if (i > 0) return;
        const expected = recorded.params_after_step_1;
        expect(tensorDisagreements(tensors, 'read', expected, tolerance)).toEqual([]);
      });
      const expected = recorded.params_after_step_3;
      expect(tensorDisagreements(tensors, 'read', expected, tolerance)).toEqual([]);
    });
  });
});

test.each(recordings)('explained variance of the old values of %s', (name) => {
  const { batch, steps } = recordedPpo(name);
  const [oldValues, returns] = [Float64Array.from(batch.old_values), Float64Array.from(batch.returns)];
  const expected = steps[0]?.metrics['train/explained_variance'] ?? 0;
  expect(explainedVariance(oldValues, returns)).toBeCloseTo(expected, 9);
});

const misc = recordedMisc();

test.each(misc.gae)('advantages for gamma $gamma, lambda $gae_lambda, $n_envs environments', (recorded) => {
  const flat = (rows: number[][]) => Float64Array.from(rows.flat());
  const values = flat(recorded.values);
  const advantages = new Float64Array(values.length);
  const returns = new Float64Array(values.length);
  generalisedAdvantages(
    {
      nSteps: recorded.n_steps,
      nEnvs: recorded.n_envs,
      rewards: flat(recorded.rewards),
      values,
      episodeStarts: flat(recorded.episode_starts),
      lastValues: Float64Array.from(recorded.last_values),
      dones: Float64Array.from(recorded.dones),
    },
    recorded.gamma,
    recorded.gae_lambda,
    advantages,
    returns,
  );
  expect(largestDifference(advantages, recorded.advantages.flat())).toBeLessThan(1e-9);
  expect(largestDifference(returns, recorded.returns.flat())).toBeLessThan(1e-9);
  expect(explainedVariance(values, returns)).toBeCloseTo(recorded.explained_variance, 9);
});

test('explained variance of targets that do not vary is undefined', () => {
  expect(explainedVariance(Float64Array.of(1, 2), Float64Array.of(3, 3))).toBeNaN();
});

test('the linear schedule', () => {
  const { start, end, end_fraction, points } = misc.linear_schedule;
  for (const [remaining, value] of points) {
    expect(scheduled({ schedule: 'linear', start, end, end_fraction }, remaining)).toBeCloseTo(value, 12);
  }
  expect(scheduled({ schedule: 'linear', start: 1, end: 0 }, -0.1)).toBe(0);
  expect(scheduled(0.25, 0.5)).toBe(0.25);
});

test('running mean and variance', () => {
  const { epsilon, updates } = misc.running_mean_std;
  const running = new RunningMeanStd(2, epsilon);
  for (const { batch, mean, var: variance, count } of updates) {
    running.update(batch.flat(), batch.length);
    expect(largestDifference(running.mean, mean)).toBeLessThan(1e-9);
    expect(largestDifference(running.var, variance)).toBeLessThan(1e-9);
    expect(running.count).toBeCloseTo(count, 9);
  }
});
