import { expect, test } from 'vitest';
import { EpisodeWindow } from '#shared/domain/rl/algorithms/episode-window.ts';
import { Normaliser } from '#shared/domain/rl/algorithms/normaliser.ts';
import { Observer } from '#shared/domain/rl/algorithms/policy.ts';
import { createActorCritic, initialise } from '#shared/domain/rl/algorithms/ppo/actor-critic.ts';
import { createMinibatch, ppoForward, ppoGradientStep } from '#shared/domain/rl/algorithms/ppo/loss.ts';
import { collectRollout, createRollout } from '#shared/domain/rl/algorithms/ppo/rollout.ts';
import { updatePolicy } from '#shared/domain/rl/algorithms/ppo/update.ts';
import type { EnvironmentModel } from '#shared/domain/rl/environments/environment.ts';
import { VectorEnvironment } from '#shared/domain/rl/environments/vector.ts';
import { createEngine, Pcg64 } from '#shared/domain/rl/index.ts';

const engine = createEngine('reference');
const GAMMA = 0.9;
const LAMBDA = 0.8;

/** Counts its steps; terminates after `terminatesAt`, is truncated after three, pays its count. */
function counter(terminatesAt: number): EnvironmentModel {
  return {
    id: 'Counter',
    observationSpace: { kind: 'box', low: [0], high: [10] },
    actionSpace: { kind: 'discrete', n: 2 },
    maxEpisodeSteps: 3,
    rewardThreshold: null,
    stateLength: 1,
    start: (state) => state.fill(0),
    advance: (state, _, outcome) => {
      state[0] = (state[0] ?? 0) + 1;
      outcome.reward = state[0];
      outcome.terminated = state[0] >= terminatesAt;
    },
    observe: (state, target, offset) => {
      target[offset] = ((state[0] ?? 0) + 5) / 10; // not 0, where the value is 0 too
    },
    render: () => ({ width: 1, height: 1, shapes: [] }),
  };
}

interface CollectOptions {
  readonly environments?: number;
  readonly normalise?: boolean;
}

function collect(
  steps: number,
  terminatesAt: number,
  { environments = 1, normalise = false }: CollectOptions = {},
) {
  const model = counter(terminatesAt);
  const network = createActorCritic(engine, {
    observationSize: 1,
    actionSpace: model.actionSpace,
    hiddenSizes: [4],
    activation: 'tanh',
    maxBatch: 8,
    stateDependentNoise: false,
    logStdInit: 0,
  });
  initialise(network, new Pcg64(1), true);
  const vector = new VectorEnvironment(model, environments, 0);
  const episodes = new EpisodeWindow();
  const rollout = createRollout(engine, steps, environments, 1, 1);
  const normaliser = normalise
    ? new Normaliser({ observationSize: 1, environments, observations: true, rewards: true, gamma: GAMMA })
    : null;
  collectRollout(rollout, {
    network,
    vector,
    observer: new Observer(model, normaliser),
    terminal: engine.matrix(1, 1),
    random: new Pcg64(2),
    episodes,
    gamma: GAMMA,
    gaeLambda: LAMBDA,
    noiseEvery: -1,
    poll: () => false,
  });
  const valueAt = (observation: number): number => {
    const input = engine.matrix(1, 1);
    input.data[0] = observation;
    network.critic.forward(input, 1);
    return network.critic.output.data[0] ?? 0;
  };
  const value = (count: number): number => valueAt((count + 5) / 10);
  return { network, rollout, episodes, value, valueAt };
}

test('an episode that the time limit cut goes on in value: gamma V(terminal observation) is added', () => {
  const { rollout, value, episodes } = collect(7, 99);
  const cut = 3 + GAMMA * value(3);
  expect([...rollout.rewards]).toEqual([1, 2, cut, 1, 2, cut, 1]);
  expect([...rollout.episodeStarts]).toEqual([1, 0, 0, 1, 0, 0, 1]);
  expect([...rollout.values].map((v) => v.toFixed(12))).toEqual(
    [0, 1, 2, 0, 1, 2, 0].map((count) => value(count).toFixed(12)),
  );
  // The statistics count what the environment paid.
  expect([episodes.finished, episodes.meanReturn, episodes.meanLength]).toEqual([2, 6, 3]);
});

test('an episode that terminated is worth nothing more, also when the time limit falls together', () => {
  expect([...collect(4, 2).rollout.rewards]).toEqual([1, 2, 1, 2]);
  expect([...collect(3, 3).rollout.rewards]).toEqual([1, 2, 3]);
});

test('the last advantage counts what follows only if the episode goes on', () => {
  const ended = collect(4, 2);
  expect(ended.rollout.advantages[3]).toBeCloseTo(2 - ended.value(1), 12);
  const running = collect(3, 2);
  expect(running.rollout.advantages[2]).toBeCloseTo(1 + GAMMA * running.value(1) - running.value(0), 12);
});

test('the log-probabilities are those of the policy that acted', () => {
  const { network, rollout } = collect(7, 99);
  network.actor.forward(rollout.observations, 7);
  const logProbability = (action: number): number =>
    network.actor.logProbability(0, Float64Array.of(action), 0);
  expect(Math.exp(logProbability(0)) + Math.exp(logProbability(1))).toBeCloseTo(1, 12);
  expect(rollout.logProbs[0]).toBeCloseTo(logProbability(rollout.actions[0] ?? 0), 12);
});

test('several environments run side by side, each with its own episodes and advantages', () => {
  const one = collect(7, 99);
  const three = collect(7, 99, { environments: 3 });
  const column = (values: Float64Array, i: number) => [...values].filter((_, at) => at % 3 === i);
  for (const i of [0, 1, 2]) {
    expect(column(three.rollout.rewards, i)).toEqual([...one.rollout.rewards]);
    expect(column(three.rollout.episodeStarts, i)).toEqual([...one.rollout.episodeStarts]);
    expect(column(three.rollout.advantages, i)).toEqual([...one.rollout.advantages]);
  }
  expect([three.episodes.finished, three.episodes.meanReturn]).toEqual([6, 6]);
});

test('observations and rewards are normalised by the statistics up to their step', () => {
  const { rollout, valueAt } = collect(4, 99, { normalise: true });
  // Population mean and variance of what was seen, after 1e-4 observations of mean 0 and variance 1.
  const statistics = (seen: number[]) => {
    const count = seen.length + 1e-4;
    const mean = seen.reduce((a, b) => a + b, 0) / count;
    const second = (seen.reduce((a, b) => a + b * b, 0) + 1e-4) / count;
    return { mean, sd: Math.sqrt(second - mean * mean + 1e-8) };
  };
  const normalised = (x: number, seen: number[]): number => {
    const { mean, sd } = statistics(seen);
    return Math.min(Math.max((x - mean) / sd, -10), 10);
  };
  const seen = [0.6, 0.7, 0.5, 0.6]; // after the steps; the episode begins anew at the third
  const observations = [...rollout.observations.data];
  for (const t of [1, 2, 3]) {
    expect(observations[t]).toBeCloseTo(normalised(seen[t - 1] ?? 0, seen.slice(0, t)), 9);
  }
  const returns = [1, 0.9 + 2, 0.9 * 2.9 + 3, 1]; // discounted, and 0 after the end
  const scaled = (t: number, reward: number) => reward / statistics(returns.slice(0, t + 1)).sd;
  expect(rollout.rewards[0]).toBeCloseTo(Math.min(scaled(0, 1), 10), 9);
  expect(rollout.rewards[1]).toBeCloseTo(scaled(1, 2), 9);
  const terminal = valueAt(normalised(0.8, seen.slice(0, 3)));
  expect(rollout.rewards[2]).toBeCloseTo(scaled(2, 3) + GAMMA * terminal, 9);
  expect(rollout.rewards[3]).toBeCloseTo(scaled(3, 1), 9);
});

const settings = {
  learningRate: 0.01,
  epochs: 3,
  batchSize: 8,
  maxGradNorm: 0.5,
  targetKl: null,
  clipRange: 0.2,
  clipRangeVf: null,
  valueCoef: 0.5,
  entropyCoef: 0.01,
  normalizeAdvantage: true,
};

const poll = () => false;

function update(world: ReturnType<typeof collect>, batchSize: number) {
  const optimizer = engine.adam(world.network.parameters, 1e-5);
  const outcome = updatePolicy(
    world.rollout,
    {
      network: world.network,
      optimizer,
      minibatch: createMinibatch(engine, batchSize, 1, 1),
      random: new Pcg64(3),
      poll,
      step: 8,
    },
    { ...settings, batchSize },
  );
  return { outcome, optimizer };
}

test('approx_kl is of the last epoch, loss of the last minibatch, the other losses means over all', () => {
  const updated = collect(8, 99);
  const byHand = collect(8, 99);
  const { outcome } = update(updated, 8);
  // One minibatch holds the whole rollout, so the order does not matter but for rounding.
  const { network, rollout } = byHand;
  const batch = createMinibatch(engine, 9, 1, 1);
  batch.size = 8;
  batch.observations.data.set(rollout.observations.data);
  batch.actions.set(rollout.actions);
  batch.oldLogProbs.set(rollout.logProbs);
  batch.oldValues.set(rollout.values);
  batch.advantages.set(rollout.advantages);
  batch.returns.set(rollout.returns);
  const adam = engine.adam(network.parameters, 1e-5);
  const losses = [0, 1, 2].map(() => {
    const step = ppoForward(network, batch, settings);
    ppoGradientStep(network, adam, batch, settings.learningRate, settings.maxGradNorm);
    return step;
  });
  const metrics = outcome?.metrics;
  expect(losses[2]?.approx_kl).toBeGreaterThan(1e-6);
  expect(metrics?.['train/approx_kl']).toBeCloseTo(losses[2]?.approx_kl ?? 0, 10);
  expect(metrics?.['train/loss']).toBeCloseTo(losses[2]?.loss ?? 0, 10);
  const meanValueLoss = losses.reduce((sum, step) => sum + step.value_loss, 0) / 3;
  expect(metrics?.['train/value_loss']).toBeCloseTo(meanValueLoss, 10);
});

test('a last minibatch smaller than the others is used too', () => {
  const { optimizer } = update(collect(7, 99), 3);
  expect(optimizer.state.find(({ name }) => name === 'counters')?.read()[0]).toBe(3 * 3);
});
