import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTraining, SnapshotMismatch } from '#shared/domain/rl/index.ts';
import { advance, hashOf, sha256, smallTrainings, start } from './algorithms.ts';
import { engines } from './engine/engines.ts';

describe.each(engines)('on the $name engine', ({ name: engine }) => {
  describe.each(smallTrainings)('$name', ({ config }) => {
    const begin = (seed = 1, poll = () => false) => start(config, seed, poll, engine);

    test('one seed gives one history, another seed another', () => {
      const [a, b, c] = [begin(), begin(), begin(2)];
      expect(advance(a, 4)).toEqual(advance(b, 4));
      advance(c, 4);
      expect(hashOf(a.snapshot())).toBe(hashOf(b.snapshot()));
      expect(sha256(a.weights())).not.toBe(sha256(c.weights()));
    });

    test('N, saved, loaded by another, and M iterations equal N + M, byte for byte', () => {
      fc.assert(
        fc.property(fc.nat(2 ** 32), fc.nat(4), fc.integer({ min: 1, max: 4 }), (seed, before, after) => {
          const whole = begin(seed);
          advance(whole, before);
          const saved = whole.snapshot();
          const resumed = begin(seed);
          advance(resumed, 1); // what it did before does not matter
          resumed.restore(saved);
          expect(advance(resumed, after)).toEqual(advance(whole, after));
          expect(resumed.evaluate(2)).toEqual(whole.evaluate(2));
          expect(hashOf(resumed.snapshot())).toBe(hashOf(whole.snapshot()));
        }),
        { numRuns: 6 },
      );
    });

    test('a snapshot may come as views into a larger buffer of Node’s, wherever they begin', () => {
      const training = begin();
      advance(training, 2);
      const { state, replay } = training.snapshot();
      const within = (bytes: Uint8Array) => Buffer.concat([Buffer.alloc(3), bytes]).subarray(3);
      const resumed = begin();
      resumed.restore({ state: within(state), replay: replay && within(replay) });
      expect(hashOf(resumed.snapshot())).toBe(hashOf(training.snapshot()));
    });

    test('stopped anywhere, it is at the boundary before, and goes on as if nothing had been', () => {
      let asked = 0;
      let stopAt = -1;
      const stopped = begin(1, () => ++asked === stopAt);
      const plain = begin();
      advance(stopped, 3);
      advance(plain, 3);
      const boundary = hashOf(stopped.snapshot());
      expect(boundary).toBe(hashOf(plain.snapshot()));
      asked = 0;
      const [step] = [stopped.step, stopped.advance()];
      const questions = asked;
      stopped.restore(plain.snapshot());
      for (const at of new Set([1, 2, questions >> 1, questions - 1, questions])) {
        asked = 0;
        stopAt = at;
        expect(stopped.advance()).toBeNull();
        expect([stopped.step, hashOf(stopped.snapshot())]).toEqual([step, boundary]);
      }
      expect(advance(stopped, 3)).toEqual(advance(plain, 3));
      expect(hashOf(stopped.snapshot())).toBe(hashOf(plain.snapshot()));
    });

    test('an evaluation changes nothing but which is the best', () => {
      const [plain, evaluated] = [begin(), begin()];
      advance(plain, 4);
      advance(evaluated, 2);
      const first = evaluated.evaluate(3);
      expect(evaluated.evaluate(3)).toEqual(first);
      advance(evaluated, 2);
      expect(sha256(evaluated.weights())).toBe(sha256(plain.weights()));
    });
  });
});

// If one of these changes, every recorded training of its kind changes: on purpose only.
test.each(smallTrainings)(
  'the weights of $name on the reference engine are pinned',
  ({ config, weights }) => {
    const training = start(config);
    advance(training, 3);
    expect(sha256(training.weights()).slice(0, 16)).toBe(weights);
  },
);

describe.each(smallTrainings)('a snapshot of $name', ({ config }) => {
  test('is refused by another engine', () => {
    const snapshot = start(config).snapshot();
    for (const { name } of engines.slice(1)) {
      const other = start(config, 1, () => false, name);
      expect(() => other.restore(snapshot)).toThrow(SnapshotMismatch);
    }
  });

  test('is refused without its replay buffer, or with that of another step', () => {
    const training = start(config);
    const earlier = training.snapshot();
    advance(training, 2);
    const later = training.snapshot();
    if (later.replay === null) return;
    const fresh = start(config);
    const before = hashOf(fresh.snapshot());
    const wrong = [
      { ...later, replay: null },
      { ...later, replay: earlier.replay },
      { ...later, replay: later.replay.slice(0, -4) },
      { ...later, replay: new Uint8Array() },
    ];
    for (const snapshot of wrong) expect(() => fresh.restore(snapshot)).toThrow(SnapshotMismatch);
    expect(hashOf(fresh.snapshot())).toBe(before);
  });
});

test('the clock is asked for nothing but the time', () => {
  const config = smallTrainings[2]?.config ?? { algorithm: '', environment: '' };
  let clock = 0;
  const timed = createTraining({ config, seed: 1, now: () => (clock += 1000) });
  const frozen = start(config, 1, undefined, 'fast');
  advance(timed, 2);
  advance(frozen, 2);
  expect(hashOf(timed.snapshot())).toBe(hashOf(frozen.snapshot()));
});
