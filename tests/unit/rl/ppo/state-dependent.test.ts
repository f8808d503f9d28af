import { expect, test } from 'vitest';
import { createActorCritic, initialise } from '#shared/domain/rl/algorithms/ppo/actor-critic.ts';
import { createEngine, Pcg64 } from '#shared/domain/rl/index.ts';
import { fill } from '../engine/matrices.ts';

const engine = createEngine('reference');

function build() {
  const network = createActorCritic(engine, {
    observationSize: 2,
    actionSpace: { kind: 'box', low: [-1], high: [1] },
    hiddenSizes: [6],
    activation: 'tanh',
    maxBatch: 3,
    stateDependentNoise: true,
    logStdInit: -0.7,
  });
  initialise(network, new Pcg64(1), true);
  const input = engine.matrix(3, 2);
  fill(input, [
    [0.5, -1],
    [0.5, -1],
    [2, 0.3],
  ]);
  const random = new Pcg64(2);
  const { actor } = network;
  const sample = (row: number): number => {
    const action = new Float64Array(1);
    actor.forward(input, 3);
    actor.sample(row, action, 0, random);
    return action[0] ?? 0;
  };
  const logProbability = (row: number, action: number): number => {
    actor.forward(input, 3);
    return actor.logProbability(row, Float64Array.of(action), 0);
  };
  return { actor, random, sample, logProbability };
}

test('the noise stays until it is drawn anew, and is another in each environment', () => {
  const { actor, random, sample } = build();
  actor.resetNoise?.(3, random);
  const first = [sample(0), sample(1), sample(2)];
  expect([sample(0), sample(1), sample(2)]).toEqual(first);
  expect(first[0]).not.toBe(first[1]); // the same state
  actor.resetNoise?.(3, random);
  expect(sample(0)).not.toBe(first[0]);
});

test('over many draws the actions have the density that the update computes', () => {
  const { actor, random, sample, logProbability } = build();
  const draws = Array.from({ length: 4000 }, () => {
    actor.resetNoise?.(3, random);
    return sample(2);
  });
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
  // of a normal density: ln p(μ) - ln p(μ + 1) = 1 / 2σ²
  const decided = new Float64Array(1);
  actor.decide(2, decided, 0);
  const [centre = 0] = decided;
  const expected = 1 / (2 * (logProbability(2, centre) - logProbability(2, centre + 1)));
  expect(Math.abs(mean - centre)).toBeLessThan(0.05 * Math.sqrt(expected));
  expect(variance / expected).toBeGreaterThan(0.92);
  expect(variance / expected).toBeLessThan(1.08);
});

test('noise that was never drawn is an error', () => {
  expect(() => build().sample(0)).toThrow('no noise was drawn');
});
