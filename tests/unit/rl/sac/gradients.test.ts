import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SquashedActor } from '#shared/domain/rl/algorithms/sac/actor.ts';
import { type ActorShape, GaussianActor } from '#shared/domain/rl/algorithms/sac/gaussian-actor.ts';
import { StateDependentActor } from '#shared/domain/rl/algorithms/sac/state-dependent-actor.ts';
import { createCritics, SacUpdate } from '#shared/domain/rl/algorithms/sac/update.ts';
import type { Matrix } from '#shared/domain/rl/engine/engine.ts';
import { createEngine, Pcg64 } from '#shared/domain/rl/index.ts';

const engine = createEngine('reference');

interface Case extends ActorShape {
  readonly seed: number;
  /** ln α */
  readonly temperature: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(2 ** 32),
  observationSize: fc.integer({ min: 1, max: 4 }),
  actionSize: fc.integer({ min: 1, max: 3 }),
  hiddenSizes: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 3 }),
  activation: fc.constantFrom('tanh'),
  maxBatch: fc.integer({ min: 1, max: 5 }),
  temperature: fc.constantFrom(-2, 0),
});

const kinds = [
  { kind: 'state-dependent σ', make: (shape: ActorShape) => new GaussianActor(engine, shape) },
  { kind: 'gSDE', make: (shape: ActorShape) => new StateDependentActor(engine, shape, -0.5) },
];

function randomise(tensors: SquashedActor['tensors'], random: Pcg64): void {
  for (const tensor of tensors) {
    tensor.write(tensor.read().map((value) => value + 0.5 * random.normal()));
  }
}

function fillRandomly({ data }: Matrix, random: Pcg64): void {
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
}

function build(c: Case, make: (shape: ActorShape) => SquashedActor) {
  const random = new Pcg64(c.seed);
  const actor = make(c);
  randomise(actor.tensors, random);
  const inputs = c.observationSize + c.actionSize;
  const critics = [0, 1].map(() => createCritics(engine, { ...c, inputs }));
  const update = new SacUpdate(engine, actor, critics, {
    observationSize: c.observationSize,
    batchSize: c.maxBatch,
    gamma: 0.9,
    tau: 0.1,
    entropyCoef: Math.exp(c.temperature),
    targetEntropy: null,
  });
  randomise(update.critics.tensors, random);
  randomise(update.targets.tensors, random);
  fillRandomly(update.batch.observations, random);
  fillRandomly(update.batch.nextObservations, random);
  for (let i = 0; i < c.maxBatch; i++) update.batch.rewards[i] = random.normal();
  // what was drawn stays: the loss is a function of the parameters, also where they scale the noise
  const { now } = actor.drawNoise(c.maxBatch, random);
  return { update, now: now.slice(), random };
}

/** mean(α ln π - min Q) by its definition, with the noise of gSDE growing with σ. */
function actorLoss(update: SacUpdate, c: Case, noise: Float64Array): number {
  const { actor, critics, batch } = update;
  const actions = new Float64Array(c.maxBatch * c.actionSize);
  const logProbs = new Float64Array(c.maxBatch);
  actor.forward(batch.observations, c.maxBatch);
  actor.sample(c.maxBatch, noise, actions, logProbs);
  const input = engine.matrix(c.maxBatch, c.observationSize + c.actionSize);
  for (let i = 0; i < c.maxBatch; i++) {
    for (let k = 0; k < input.columns; k++) {
      const isAction = k >= c.observationSize;
      input.data[i * input.stride + k] = isAction
        ? (actions[i * c.actionSize + k - c.observationSize] ?? 0)
        : (batch.observations.data[i * batch.observations.stride + k] ?? 0);
    }
  }
  for (const k of [0, 1]) critics.network(k).forward(input, c.maxBatch);
  const value = (k: number, i: number): number =>
    critics.network(k).output.data[i * critics.network(k).output.stride] ?? 0;
  let sum = 0;
  for (let i = 0; i < c.maxBatch; i++) {
    sum += Math.exp(c.temperature) * (logProbs[i] ?? 0) - Math.min(value(0, i), value(1, i));
  }
  return sum / c.maxBatch;
}

describe.each(kinds)('the actor with $kind', ({ make }) => {
  test('its gradient through the critics equals central finite differences', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { update, now } = build(c, make);
        const { actor } = update;
        const logStd = actor.tensors.find(({ name }) => name === 'log_std');
        const before = logStd?.read();
        const loss = (): number => {
          // gSDE's matrix is σ∘ε with ε fixed
          const sigma = logStd?.read();
          const noise = now.map((e, i) =>
            sigma === undefined ? e : e * Math.exp((sigma[i] ?? 0) - (before?.[i] ?? 0)),
          );
          return actorLoss(update, c, noise);
        };
        // the critics move too, but not with a step of 0
        update.step({ now, next: now }, 0);
        const gradients = actor.tensors.map((tensor) => tensor.readGradient());
        const step = 1e-5;
        const disagreeing = actor.tensors.flatMap((tensor, t) => {
          const values = tensor.read();
          const at = (i: number, value: number): number => {
            tensor.write(values.with(i, value));
            const result = loss();
            tensor.write(values);
            return result;
          };
          return [...values].flatMap((value, i) => {
            const difference = (at(i, value + step) - at(i, value - step)) / (2 * step);
            const gradient = gradients[t]?.[i] ?? Number.NaN;
            const close = Math.abs(difference - gradient) <= 1e-5 * (1 + Math.abs(gradient));
            return close ? [] : [[tensor.name, i, difference, gradient]];
          });
        });
        expect(disagreeing).toEqual([]);
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  test('the actions explored have the probabilities that the update computes', () => {
    // by the noise that leads to them: the mean of ln π over many is minus the entropy, whichever way they are made
    const c: Case = {
      seed: 5,
      observationSize: 2,
      actionSize: 1,
      hiddenSizes: [6],
      activation: 'tanh',
      maxBatch: 1,
      temperature: 0,
    };
    const { update, random } = build(c, make);
    const { actor, batch } = update;
    const count = 4000;
    const explored: number[] = [];
    const sampled: number[] = [];
    const out = new Float64Array(1);
    for (let i = 0; i < count; i++) {
      actor.forward(batch.observations, 1);
      actor.resetNoise?.(1, random);
      actor.explore(0, out, 0, random);
      explored.push(out[0] ?? 0);
      actor.sample(1, actor.drawNoise(1, random).now, out, new Float64Array(1));
      sampled.push(out[0] ?? 0);
    }
    const moment = (values: number[], power: number) =>
      values.reduce((sum, x) => sum + x ** power, 0) / values.length;
    for (const power of [1, 2, 3]) {
      expect(Math.abs(moment(explored, power) - moment(sampled, power))).toBeLessThan(0.05);
    }
  });
});
