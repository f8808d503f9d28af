import { expect, test } from 'vitest';
import { Environment, type EnvironmentModel } from '#shared/domain/rl/environments/environment.ts';
import {
  Adam,
  createActorCritic,
  createMinibatch,
  initialise,
  Pcg64,
  ppoForward,
  ppoGradientStep,
} from '#shared/domain/rl/index.ts';
import { EpisodeWindow } from '#shared/domain/rl/ppo/episode-window.ts';
import { collectRollout, createRollout } from '#shared/domain/rl/ppo/rollout.ts';
import { updatePolicy } from '#shared/domain/rl/ppo/update.ts';

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

function collect(steps: number, terminatesAt: number) {
  const network = createActorCritic({ observationSize: 1, actionCount: 2, hiddenSizes: [4], maxBatch: 8 });
  initialise(network, new Pcg64(1));
  const environment = new Environment(counter(terminatesAt), 0);
  const episodes = new EpisodeWindow();
  const rollout = createRollout(steps, 1);
  const poll = () => false;
  const random = new Pcg64(2);
  collectRollout(rollout, { network, environment, random, episodes, gamma: GAMMA, gaeLambda: LAMBDA, poll });
  const value = (count: number): number => {
    network.critic.forward(Float64Array.of((count + 5) / 10), 1);
    return network.critic.output[0] ?? 0;
  };
  return { network, rollout, episodes, value };
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
  const [a = 0, b = 0] = network.actor.output;
  const expected = (rollout.actions[0] === 0 ? a : b) - Math.log(Math.exp(a) + Math.exp(b));
  expect(rollout.logProbs[0]).toBeCloseTo(expected, 12);
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

test('approx_kl is of the last epoch, loss of the last minibatch, the other losses means over all', () => {
  const updated = collect(8, 99);
  const byHand = collect(8, 99);
  const poll = () => false;
  const optimizer = () => new Adam(updated.network.parameters.length, 1e-5);
  const outcome = updatePolicy(
    updated.rollout,
    { network: updated.network, optimizer: optimizer(), random: new Pcg64(3), poll },
    settings,
  );
  // One minibatch holds the whole rollout, so the order does not matter but for rounding.
  const batch = createMinibatch(8, 1);
  batch.size = 8;
  batch.observations.set(byHand.rollout.observations);
  batch.actions.set(byHand.rollout.actions);
  batch.oldLogProbs.set(byHand.rollout.logProbs);
  batch.oldValues.set(byHand.rollout.values);
  batch.advantages.set(byHand.rollout.advantages);
  batch.returns.set(byHand.rollout.returns);
  const adam = optimizer();
  const losses = [0, 1, 2].map(() => {
    const step = ppoForward(byHand.network, batch, settings);
    ppoGradientStep(byHand.network, adam, batch, settings.learningRate, settings.maxGradNorm);
    return step;
  });
  if (outcome.kind !== 'completed') throw new Error(outcome.kind);
  const { metrics } = outcome;
  expect(losses[2]?.approx_kl).toBeGreaterThan(1e-6);
  expect(metrics['train/approx_kl']).toBeCloseTo(losses[2]?.approx_kl ?? 0, 10);
  expect(metrics['train/loss']).toBeCloseTo(losses[2]?.loss ?? 0, 10);
  const meanValueLoss = losses.reduce((sum, step) => sum + step.value_loss, 0) / 3;
  expect(metrics['train/value_loss']).toBeCloseTo(meanValueLoss, 10);
});

test('a last minibatch smaller than the others is used too', () => {
  const { network, rollout } = collect(7, 99);
  const poll = () => false;
  const optimizer = new Adam(network.parameters.length, 1e-5);
  updatePolicy(rollout, { network, optimizer, random: new Pcg64(3), poll }, { ...settings, batchSize: 3 });
  expect(optimizer.counters[0]).toBe(3 * 3);
});
