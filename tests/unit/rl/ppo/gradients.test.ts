import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orthogonal } from '#shared/domain/rl/algorithms/initialisation.ts';
import {
  type ActorCritic,
  createActorCritic,
  initialise,
} from '#shared/domain/rl/algorithms/ppo/actor-critic.ts';
import {
  createMinibatch,
  type PpoLossSettings,
  type PpoMinibatch,
  ppoBackward,
  ppoForward,
} from '#shared/domain/rl/algorithms/ppo/loss.ts';
import { multiply } from '#shared/domain/rl/engine/reference/multiply.ts';
import { createEngine, Pcg64 } from '#shared/domain/rl/index.ts';
import { rowsOf } from '../engine/matrices.ts';
import { largestDifference } from '../recorded.ts';

const engine = createEngine('reference');

interface Case {
  readonly seed: number;
  readonly size: number;
  readonly observationSize: number;
  readonly actions: number;
  readonly hiddenSizes: number[];
  readonly activation: 'tanh' | 'relu';
  readonly settings: PpoLossSettings;
}

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 }),
  size: fc.integer({ min: 1, max: 9 }),
  observationSize: fc.integer({ min: 1, max: 5 }),
  actions: fc.integer({ min: 2, max: 5 }),
  hiddenSizes: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
  activation: fc.constantFrom('tanh', 'relu'),
  settings: fc.record({
    clipRange: fc.constantFrom(0.05, 0.2, 0.5),
    clipRangeVf: fc.constantFrom(null, 0.1, 0.5),
    valueCoef: fc.constantFrom(0, 0.5, 1),
    entropyCoef: fc.constantFrom(0, 0.01, 0.5),
    normalizeAdvantage: fc.boolean(),
  }),
});

const kinds = [
  { kind: 'discrete actions', discrete: true, stateDependentNoise: false },
  { kind: 'continuous actions', discrete: false, stateDependentNoise: false },
  { kind: 'noise that depends on the state', discrete: false, stateDependentNoise: true },
];
type Kind = (typeof kinds)[number];

function build(c: Case, { discrete, stateDependentNoise }: Kind) {
  const random = new Pcg64(c.seed);
  const bounds = Array.from({ length: c.actions }, () => 1);
  const network = createActorCritic(engine, {
    observationSize: c.observationSize,
    actionSpace: discrete
      ? { kind: 'discrete', n: c.actions }
      : { kind: 'box', low: bounds.map((x) => -x), high: bounds },
    hiddenSizes: c.hiddenSizes,
    // where all features are 0, so is nearly the variance, and differences are far from derivatives
    activation: stateDependentNoise ? 'tanh' : c.activation,
    maxBatch: c.size,
    stateDependentNoise,
    logStdInit: -0.5,
  });
  initialise(network, random, true);
  for (const tensor of network.parameters.tensors) {
    tensor.write(tensor.read().map((value) => value + 0.3 * random.normal()));
  }
  const batch = createMinibatch(engine, c.size, c.observationSize, network.actor.actionSize);
  batch.size = c.size;
  for (const array of [batch.observations.data, batch.oldValues, batch.advantages, batch.returns]) {
    for (let i = 0; i < array.length; i++) array[i] = random.normal();
  }
  for (let i = 0; i < batch.actions.length; i++) {
    batch.actions[i] = discrete ? random.integers(c.actions) : random.normal();
  }
  setOldLogProbs(network, batch, random);
  return { network, batch };
}

/** Near the present ones, so that some ratios are within the clip range and some are not. */
function setOldLogProbs({ actor }: ActorCritic, batch: PpoMinibatch, random: Pcg64): void {
  actor.forward(batch.observations, batch.size);
  for (let i = 0; i < batch.size; i++) {
    const now = actor.logProbability(i, batch.actions, i * actor.actionSize);
    batch.oldLogProbs[i] = now + 0.3 * random.normal();
  }
}

describe.each(kinds)('with $kind', (kind) => {
  test('the gradient of any network and loss equals central finite differences', () => {
    const step = 1e-6;
    fc.assert(
      fc.property(cases, (c) => {
        const { network, batch } = build(c, kind);
        ppoForward(network, batch, c.settings);
        ppoBackward(network, batch);
        // with gSDE the features are not learnt through the noise: see the test below
        const tensors = network.parameters.tensors.filter(
          ({ name }) => !kind.stateDependentNoise || !name.includes('policy_net'),
        );
        const gradients = tensors.map((tensor) => tensor.readGradient());
        const disagreeing = tensors.flatMap((tensor, k) => {
          const values = tensor.read();
          const lossAt = (i: number, value: number): number => {
            tensor.write(values.with(i, value));
            const { loss } = ppoForward(network, batch, c.settings);
            tensor.write(values);
            return loss;
          };
          return [...values].flatMap((value, i) => {
            const difference = (lossAt(i, value + step) - lossAt(i, value - step)) / (2 * step);
            const gradient = gradients[k]?.[i] ?? Number.NaN;
            const close = Math.abs(difference - gradient) <= 2e-6 * (1 + Math.abs(gradient));
            return close ? [] : [[tensor.name, i, difference, gradient]];
          });
        });
        expect(disagreeing).toEqual([]);
      }),
      { numRuns: 40, seed: 1 },
    );
  });
});

test('with gSDE the features are learnt as if the noise did not depend on them', () => {
  const kind = { kind: '', discrete: false, stateDependentNoise: true };
  fc.assert(
    fc.property(cases, (given) => {
      const c: Case = { ...given, size: 1, activation: 'tanh' };
      const { network, batch } = build(c, kind);
      const same = build(c, { ...kind, stateDependentNoise: false }).network;
      network.actor.forward(batch.observations, 1);
      // the density falls by exp(-½ / v) one unit from the mean: that gives the variance v
      const mean = new Float64Array(c.actions);
      network.actor.decide(0, mean, 0);
      const logProbabilityAt = (j: number, distance: number): number =>
        network.actor.logProbability(0, mean.with(j, (mean[j] ?? 0) + distance), 0);
      const logStd = [...mean].map(
        (_, j) => -Math.log(2 * (logProbabilityAt(j, 0) - logProbabilityAt(j, 1))) / 2,
      );
      for (const tensor of same.parameters.tensors) {
        const twin = network.parameters.tensors.find(({ name }) => name === tensor.name);
        tensor.write(tensor.name === 'log_std' ? logStd : (twin?.read() ?? []));
      }
      for (const one of [network, same]) {
        ppoForward(one, batch, c.settings);
        ppoBackward(one, batch);
      }
      for (const tensor of same.parameters.tensors) {
        if (tensor.name === 'log_std') continue;
        const twin = network.parameters.tensors.find(({ name }) => name === tensor.name);
        const scale = Math.max(1, ...tensor.readGradient().map(Math.abs));
        expect(largestDifference(twin?.readGradient() ?? [], tensor.readGradient()) / scale).toBeLessThan(
          1e-7,
        );
      }
    }),
    { numRuns: 40, seed: 2 },
  );
});

test('a sample counts the same in every batch it is in', () => {
  fc.assert(
    fc.property(cases, (c) => {
      const { network, batch } = build(c, { kind: '', discrete: true, stateDependentNoise: false });
      network.critic.forward(batch.observations, c.size);
      const together = rowsOf(network.critic.output, c.size);
      const alone = together.map((_, i) => {
        network.critic.forward(batch.observations, 1, i);
        return rowsOf(network.critic.output, 1)[0];
      });
      expect(alone).toEqual(together);
    }),
  );
});

test('the matrix kernel equals the plain sum for every shape', () => {
  const side = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(side, side, side, fc.boolean(), (rows, columns, steps, biased) => {
      const random = new Pcg64(rows * 100 + columns * 10 + steps);
      const draw = (length: number) => Float64Array.from({ length }, () => random.normal());
      const a = draw(rows * steps);
      const b = draw(columns * steps);
      const bias = biased ? draw(columns) : null;
      const out = new Float64Array(rows * columns);
      multiply(out, bias, a, 0, steps, 1, b, steps, 1, rows, columns, steps);
      const plain = Array.from({ length: rows * columns }, (_, i) => {
        const r = Math.floor(i / columns);
        const c = i % columns;
        let sum = bias?.[c] ?? 0;
        for (let k = 0; k < steps; k++) sum += (a[r * steps + k] ?? 0) * (b[c * steps + k] ?? 0);
        return sum;
      });
      expect([...out]).toEqual(plain);
    }),
  );
});

test('orthogonal weights have orthogonal rows or columns of the length of the gain', () => {
  const side = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(side, side, fc.nat(1000), (rows, columns, seed) => {
      const weight = orthogonal(rows, columns, 2, new Pcg64(seed));
      const count = Math.min(rows, columns);
      const entry = (vector: number, k: number) =>
        weight[columns > rows ? vector * columns + k : k * columns + vector] ?? 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j <= i; j++) {
          let dot = 0;
          for (let k = 0; k < Math.max(rows, columns); k++) dot += entry(i, k) * entry(j, k);
          expect(dot).toBeCloseTo(i === j ? 4 : 0, 10);
        }
      }
    }),
  );
});
