import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multiply } from '#shared/domain/rl/engine/reference/multiply.ts';
import {
  type ActorCritic,
  createActorCritic,
  createMinibatch,
  initialise,
  Pcg64,
  type PpoLossSettings,
  type PpoMinibatch,
  ppoBackward,
  ppoForward,
} from '#shared/domain/rl/index.ts';
import { orthogonal } from '#shared/domain/rl/networks/orthogonal.ts';

interface Case {
  readonly seed: number;
  readonly size: number;
  readonly observationSize: number;
  readonly actionCount: number;
  readonly hiddenSizes: number[];
  readonly settings: PpoLossSettings;
}

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 }),
  size: fc.integer({ min: 1, max: 9 }),
  observationSize: fc.integer({ min: 1, max: 5 }),
  actionCount: fc.integer({ min: 2, max: 5 }),
  hiddenSizes: fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
  settings: fc.record({
    clipRange: fc.constantFrom(0.05, 0.2, 0.5),
    clipRangeVf: fc.constantFrom(null, 0.1, 0.5),
    valueCoef: fc.constantFrom(0, 0.5, 1),
    entropyCoef: fc.constantFrom(0, 0.01, 0.5),
    normalizeAdvantage: fc.boolean(),
  }),
});

function build(c: Case): { network: ActorCritic; batch: PpoMinibatch } {
  const random = new Pcg64(c.seed);
  const network = createActorCritic({ ...c, maxBatch: c.size });
  initialise(network, random);
  network.parameters.forEach((value, i) => {
    network.parameters[i] = value + 0.3 * random.normal();
  });
  const batch = createMinibatch(c.size, c.observationSize);
  batch.size = c.size;
  for (const array of [batch.observations, batch.oldValues, batch.advantages, batch.returns]) {
    for (let i = 0; i < array.length; i++) array[i] = random.normal();
  }
  for (let i = 0; i < c.size; i++) {
    batch.actions[i] = random.integers(c.actionCount);
    batch.oldLogProbs[i] = -0.1 - random.random() * 2;
  }
  return { network, batch };
}

test('the gradient of any network and loss equals central finite differences', () => {
  const step = 1e-6;
  fc.assert(
    fc.property(cases, (c) => {
      const { network, batch } = build(c);
      ppoForward(network, batch, c.settings);
      ppoBackward(network, batch);
      const gradients = network.gradients.slice();
      const lossAt = (i: number, value: number): number => {
        network.parameters[i] = value;
        return ppoForward(network, batch, c.settings).loss;
      };
      let disagreeing = 0;
      gradients.forEach((gradient, i) => {
        const value = network.parameters[i] ?? 0;
        const difference = (lossAt(i, value + step) - lossAt(i, value - step)) / (2 * step);
        network.parameters[i] = value;
        if (Math.abs(difference - gradient) > 1e-6 * (1 + Math.abs(gradient))) disagreeing += 1;
      });
      expect(disagreeing).toBe(0);
    }),
    { numRuns: 60, seed: 1 },
  );
});

test('a sample counts the same in every batch it is in', () => {
  fc.assert(
    fc.property(cases, (c) => {
      const { network, batch } = build(c);
      network.critic.forward(batch.observations, c.size);
      const together = [...network.critic.output];
      const alone = together.map((_, i) => {
        network.critic.forward(batch.observations, 1, i * c.observationSize);
        return network.critic.output[0];
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
      const weight = new Float64Array(rows * columns);
      orthogonal(weight, rows, columns, 2, new Pcg64(seed));
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
