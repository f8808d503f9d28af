import { describe, expect, test } from 'vitest';
import {
  type ActorCritic,
  Adam,
  clipGradientNorm,
  createActorCritic,
  createMinibatch,
  explainedVariance,
  generalisedAdvantages,
  type PpoLossSettings,
  ppoBackward,
  ppoForward,
  ppoGradientStep,
  RunningMeanStd,
  scheduled,
} from '#shared/domain/rl/index.ts';
import { largestDifference, type RecordedPpo, recordedMisc, recordedPpo } from './recorded.ts';

const TOLERANCE = 1e-9;

function networkOf(recorded: RecordedPpo): ActorCritic {
  const network = createActorCritic({
    observationSize: recorded.net.obs_dim,
    actionCount: recorded.params['action_net.bias']?.length ?? 0,
    hiddenSizes: recorded.net.hidden,
    maxBatch: recorded.batch.returns.length,
  });
  for (const { name, values } of network.tensors) values.set(recorded.params[name] ?? []);
  return network;
}

function batchOf({ batch, net }: RecordedPpo) {
  const minibatch = createMinibatch(batch.returns.length, net.obs_dim);
  minibatch.size = batch.returns.length;
  minibatch.observations.set(batch.observations.flat());
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

/** The largest difference per tensor that is beyond the tolerance; empty when all agree. */
function disagreements(
  network: ActorCritic,
  what: 'values' | 'gradient',
  expected: Readonly<Record<string, number[]>>,
) {
  return network.tensors
    .map((tensor) => [tensor.name, largestDifference(tensor[what], expected[tensor.name] ?? [])] as const)
    .filter(([, difference]) => !(difference <= TOLERANCE));
}

describe.each(['algo_ppo_discrete', 'algo_ppo_discrete_clipvf'])('%s equals Stable-Baselines3', (name) => {
  const recorded = recordedPpo(name);

  test('all tensors have its names and sizes', () => {
    const network = networkOf(recorded);
    expect(network.tensors.map((tensor) => tensor.name)).toEqual(Object.keys(recorded.params));
    expect(disagreements(network, 'values', recorded.params)).toEqual([]);
  });

  test('values, log-probabilities and entropy of the forward pass', () => {
    const network = networkOf(recorded);
    const batch = batchOf(recorded);
    ppoForward(network, batch, settingsOf(recorded));
    const logProbs = network.actor.output;
    expect(largestDifference(network.critic.output, recorded.forward.values)).toBeLessThan(TOLERANCE);
    expect(largestDifference(logProbs, recorded.forward.log_softmax_logits.flat())).toBeLessThan(TOLERANCE);
    const chosen = [...batch.actions].map((a, i) => logProbs[3 * i + a] ?? 0);
    expect(largestDifference(chosen, recorded.forward.log_prob)).toBeLessThan(TOLERANCE);
  });

  test('gradients before and after clipping, and their norm', () => {
    const network = networkOf(recorded);
    const batch = batchOf(recorded);
    ppoForward(network, batch, settingsOf(recorded));
    ppoBackward(network, batch);
    expect(disagreements(network, 'gradient', recorded.grads_before_clip)).toEqual([]);
    const norm = clipGradientNorm(network.gradients, recorded.hyper.max_grad_norm);
    expect(norm).toBeCloseTo(recorded.steps[0]?.grad_norm ?? 0, 9);
    expect(disagreements(network, 'gradient', recorded.grads_after_clip)).toEqual([]);
  });

  test('metrics of three steps, and the parameters after the first and the third', () => {
    const { hyper, steps } = recorded;
    const network = networkOf(recorded);
    const batch = batchOf(recorded);
    const optimizer = new Adam(network.parameters.length, hyper.adam.eps, ...hyper.adam.betas);
    steps.forEach(({ metrics, grad_norm }, i) => {
      const losses = ppoForward(network, batch, settingsOf(recorded));
      for (const [key, value] of Object.entries(losses)) {
        expect(Math.abs(value - (metrics[`train/${key}`] ?? Number.NaN)), key).toBeLessThan(TOLERANCE);
      }
      const norm = ppoGradientStep(network, optimizer, batch, hyper.learning_rate, hyper.max_grad_norm);
      expect(Math.abs(norm - grad_norm)).toBeLessThan(TOLERANCE);
      if (i === 0) expect(disagreements(network, 'values', recorded.params_after_step_1)).toEqual([]);
    });
    expect(disagreements(network, 'values', recorded.params_after_step_3)).toEqual([]);
  });

  test('explained variance of the old values', () => {
    const { oldValues, returns } = batchOf(recorded);
    expect(explainedVariance(oldValues, returns)).toBeCloseTo(
      recorded.steps[0]?.metrics['train/explained_variance'] ?? 0,
      9,
    );
  });
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
  expect(largestDifference(advantages, recorded.advantages.flat())).toBeLessThan(TOLERANCE);
  expect(largestDifference(returns, recorded.returns.flat())).toBeLessThan(TOLERANCE);
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
    running.update(batch);
    expect(largestDifference(running.mean, mean)).toBeLessThan(TOLERANCE);
    expect(largestDifference(running.var, variance)).toBeLessThan(TOLERANCE);
    expect(running.count).toBeCloseTo(count, 9);
  }
});
