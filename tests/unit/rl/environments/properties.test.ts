import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contains, sizeOf } from '#shared/domain/rl/environments/spaces.ts';
import {
  driveEnvironment,
  type Environment,
  environmentIds,
  environmentModel,
  environmentSection,
  flattenedSize,
  makeEnvironment,
  makeVectorEnvironment,
  Pcg64,
  vectorEnvironmentSection,
} from '#shared/domain/rl/index.ts';

/** Every environment, and those whose steps draw most. */
const cases: readonly (readonly [string, Record<string, unknown>])[] = [
  ...environmentIds.map((id) => [id, {}] as const),
  ['Taxi-v4', { is_rainy: true, fickle_passenger: true, fickle_probability: 1 }],
  ['CliffWalking-v1', { is_slippery: true }],
  ['FrozenLake-v1', { desc: ['SFFHS', 'FFFFF', 'HFFFG'], success_rate: 0.5 }],
  ['Blackjack-v1', { sab: false, natural: true }],
];

/** A random action, a third of the continuous ones beyond the bounds. */
function sample(environment: Pick<Environment, 'model'>, random: Pcg64): number {
  const { actionSpace } = environment.model;
  if (actionSpace.kind === 'discrete') return random.integers(actionSpace.n);
  return random.uniform(1.5 * (actionSpace.low[0] ?? 0), 1.5 * (actionSpace.high[0] ?? 0));
}

/** Plays on, over resets, and tells everything there is to see. */
function play(environment: Environment, random: Pcg64, steps: number): unknown[] {
  const seen: unknown[] = [];
  for (let t = 0; t < steps; t++) {
    const outcome = { ...environment.step(sample(environment, random)) };
    const observation = new Float64Array(environment.observationSize);
    environment.observeFlat(observation);
    seen.push([outcome, [...observation], environment.frame(), environment.info()]);
    if (outcome.terminated || outcome.truncated) environment.reset();
  }
  return seen;
}

const seeds = fc.nat(2 ** 32);
const lengths = fc.integer({ min: 0, max: 60 });

describe.each(cases)('%s %j', (id, kwargs) => {
  const model = environmentModel(id, kwargs);

  test('saved in the middle and loaded elsewhere, it goes on exactly', () => {
    fc.assert(
      fc.property(seeds, lengths, lengths, (seed, before, after) => {
        const original = makeEnvironment(id, seed, kwargs);
        const actions = new Pcg64(seed, [1]);
        play(original, actions, before);
        const throughJson = makeEnvironment(id, 0, kwargs);
        throughJson.setState(JSON.parse(JSON.stringify(original.getState())));
        const throughSnapshot = makeEnvironment(id, 0, kwargs);
        const saved = environmentSection('environment', original).read();
        environmentSection('environment', throughSnapshot).write(Float64Array.from(saved));
        const again = (): Pcg64 => {
          const copy = new Pcg64(0);
          copy.setState(actions.getState());
          return copy;
        };
        const expected = play(original, again(), after);
        expect(play(throughJson, again(), after)).toEqual(expected);
        expect(play(throughSnapshot, again(), after)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  test('observations lie in the space, rewards and states are finite, flags follow the limit', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const environment = makeEnvironment(id, seed, kwargs);
        const random = new Pcg64(seed, [2]);
        const observation = new Float64Array(sizeOf(model.observationSpace));
        for (let t = 0; t < 300; t++) {
          environment.observe(observation);
          expect(contains(model.observationSpace, observation)).toBe(true);
          const { reward, terminated, truncated } = environment.step(sample(environment, random));
          expect(Number.isFinite(reward)).toBe(true);
          expect(environment.frame().every(Number.isFinite)).toBe(true);
          expect(truncated).toBe(environment.elapsedSteps === model.maxEpisodeSteps);
          if (terminated || truncated) environment.reset();
        }
      }),
      { numRuns: 10 },
    );
  });

  test('a flat observation is as long as it says, of zeros and a one if discrete', () => {
    const environment = makeEnvironment(id, 3, kwargs);
    const target = new Float32Array(environment.observationSize + 1).fill(7);
    environment.observeFlat(target);
    expect(environment.observationSize).toBe(flattenedSize(model.observationSpace));
    expect(target.at(-1)).toBe(7);
    if (model.observationSpace.kind === 'box') return;
    const ones = model.observationSpace.kind === 'tuple' ? model.observationSpace.spaces.length : 1;
    expect(target.reduce((sum, x) => sum + x, 0)).toBe(ones + 7);
  });

  test('copies in a vector live like single environments with seeds one after the other', () => {
    const vector = makeVectorEnvironment(id, 3, 11, kwargs);
    const singles = [11, 12, 13].map((seed) => makeEnvironment(id, seed, kwargs));
    const rawSize = sizeOf(model.observationSpace);
    const observed = (environment: Environment): number[] => {
      const target = new Float64Array(rawSize);
      environment.observe(target);
      return [...target];
    };
    const row = (values: Float64Array, i: number): number[] => [
      ...values.subarray(i * rawSize, (i + 1) * rawSize),
    ];
    const random = new Pcg64(5);
    const returns = [0, 0, 0];
    expect([...vector.observations]).toEqual(singles.flatMap(observed));
    for (let t = 0; t < 250; t++) {
      const actions = Float64Array.from(singles, (single) => sample(single, random));
      vector.step(actions);
      singles.forEach((single, i) => {
        const { reward, terminated, truncated } = single.step(actions[i] ?? 0);
        returns[i] = (returns[i] ?? 0) + reward;
        expect(vector.rewards[i]).toBe(reward);
        expect(vector.dones[i]).toBe(Number(terminated || truncated));
        expect(vector.timeouts[i]).toBe(Number(truncated && !terminated));
        if (terminated || truncated) {
          expect(row(vector.terminalObservations, i)).toEqual(observed(single));
          expect([vector.episodeReturns[i], vector.episodeLengths[i]]).toEqual([
            returns[i],
            single.elapsedSteps,
          ]);
          returns[i] = 0;
          single.reset();
        }
        expect(row(vector.observations, i)).toEqual(observed(single));
        expect(vector.isStart(i)).toBe(single.elapsedSteps === 0);
      });
    }
  });

  test('a vector saved in the middle goes on exactly', () => {
    const [original, json, snapshot] = [21, 0, 1].map((seed) => makeVectorEnvironment(id, 2, seed, kwargs));
    if (original === undefined || json === undefined || snapshot === undefined)
      throw new Error('unreachable');
    const run = (vector: typeof original, seed: number): unknown[] => {
      const random = new Pcg64(seed);
      return Array.from({ length: 120 }, () => {
        vector.step([sample(vector, random), sample(vector, random)]);
        const { rewards, dones, timeouts, observations } = vector;
        const ended = [...vector.episodeReturns].filter((_, i) => dones[i] === 1);
        return [[...rewards], [...dones], [...timeouts], [...observations], ended];
      });
    };
    run(original, 1);
    json.setState(JSON.parse(JSON.stringify(original.getState())));
    const saved = Float64Array.from(vectorEnvironmentSection('v', original).read());
    vectorEnvironmentSection('v', snapshot).write(saved);
    expect([...json.observations]).toEqual([...original.observations]);
    const expected = run(original, 2);
    expect(run(json, 2)).toEqual(expected);
    expect(run(snapshot, 2)).toEqual(expected);
  });
});

test('flattened observations of a vector are one-hot rows, also of terminal ones', () => {
  const vector = makeVectorEnvironment('FrozenLake-v1', 2, 0, { is_slippery: false });
  const rows = new Float32Array(2 * 16);
  for (let t = 0; t < 2; t++) vector.step([1, 2]); // down twice: 8; right twice: 2
  vector.flattenObservations(rows);
  expect(rows.indexOf(1)).toBe(8);
  expect(rows.indexOf(1, 16)).toBe(16 + 2);
  vector.step([1, 1]); // into the hole at 12; down to 6
  vector.flattenObservations(rows);
  expect(rows.indexOf(1)).toBe(0); // the next episode
  const terminal = new Float32Array(16);
  vector.flattenTerminalObservation(0, terminal);
  expect(terminal.indexOf(1)).toBe(12);
  expect([...vector.timeouts]).toEqual([0, 0]);
});

test('a reset with a seed equals a new vector, one without goes on', () => {
  const vector = makeVectorEnvironment('Pendulum-v1', 2, 4);
  const start = [...vector.observations];
  vector.step([1, 1]);
  vector.reset();
  expect([...vector.observations]).not.toEqual(start);
  vector.reset(4);
  expect([...vector.observations]).toEqual(start);
  expect(vector.observations.subarray(3)).toEqual(makeVectorEnvironment('Pendulum-v1', 1, 5).observations);
});

test('states of another environment or number of copies are refused', () => {
  const taxi = makeVectorEnvironment('Taxi-v4', 2, 0);
  expect(() => taxi.setState(makeVectorEnvironment('Taxi-v4', 3, 0).getState())).toThrow(RangeError);
  expect(() => taxi.setState(makeVectorEnvironment('CartPole-v1', 2, 0).getState())).toThrow(RangeError);
});

test.each([
  ['CartPole-v1', 2],
  ['CartPole-v1', [0.5]],
  ['Taxi-v4', 6],
  ['Pendulum-v1', Number.NaN],
  ['Pendulum-v1', []],
] as const)('%s refuses the action %j', (id, action) => {
  expect(() => makeEnvironment(id, 0).step(action)).toThrow(RangeError);
});

test.each([
  ['Taxi-v4', 500],
  ['Taxi-v4', [0]],
  ['FrozenLake-v1', 1.5],
  ['CartPole-v1', [0, 0]],
  ['Blackjack-v1', 3],
] as const)('a driver refuses %s the state %j', (id, state) => {
  const driver = driveEnvironment(id);
  expect(() => {
    driver.state = state;
  }).toThrow(RangeError);
});

test('a step that draws more than a script gives says so', () => {
  const driver = driveEnvironment('FrozenLake-v1');
  expect(() => driver.step(0, {})).toThrow(/draws more/);
});
