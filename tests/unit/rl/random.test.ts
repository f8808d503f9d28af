import { describe, expect, test } from 'vitest';
import { Pcg64 } from '#shared/domain/rl/random/pcg64.ts';
import { seedWords } from '#shared/domain/rl/random/seed-sequence.ts';
import { recordedSeeding } from './recorded.ts';

const draws = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);

describe.each(Object.entries(recordedSeeding()))('seed %s equals NumPy bit for bit', (key, recorded) => {
  const seed = Number(key);

  test('SeedSequence', () => {
    const pairs = seedWords(seed, [], 8);
    const state = draws(4, () => 0).map((_, i) =>
      String((BigInt(pairs[2 * i + 1] ?? 0) << 32n) | BigInt(pairs[2 * i] ?? 0)),
    );
    expect(state).toEqual(recorded.seedseq_state_uint64);
  });

  test('raw words', () => {
    const random = new Pcg64(seed);
    expect(draws(recorded.raw_uint64.length, () => String(random.nextUint64()))).toEqual(recorded.raw_uint64);
  });

  test('random()', () => {
    const random = new Pcg64(seed);
    expect(draws(recorded.random.length, () => random.random())).toEqual(recorded.random);
  });

  test('uniform()', () => {
    const random = new Pcg64(seed);
    expect(draws(recorded.uniform_m005_p005.length, () => random.uniform(-0.05, 0.05))).toEqual(
      recorded.uniform_m005_p005,
    );
  });
});

// Printed by NumPy 2.4.6: SeedSequence(seed, spawn_key=key).generate_state(4), Generator(PCG64(…)).random(2)
test.each([
  [42, [1], [4091952314, 31242083, 366899054, 1794014678], [0.4674907799518424, 0.04644889644868733]],
  [7, [3, 20480], [1707358064, 3736874479, 2097384464, 1407545245], [0.5277724411622906, 0.5986941003399012]],
  [
    4294967301,
    [2],
    [1301337620, 3947027921, 4171527024, 1993960954],
    [0.6819183215167812, 0.46974263874158906],
  ],
])('spawned streams of seed %d, key %j equal NumPy', (seed, key, words, values) => {
  expect([...seedWords(seed, key, 4)]).toEqual(words);
  const random = new Pcg64(seed, key);
  expect(draws(2, () => random.random())).toEqual(values);
});

// Printed by NumPy 2.4.6 for seed 5, in this order.
test('integers() equals NumPy, keeps half words across other draws', () => {
  const random = new Pcg64(5);
  expect(draws(5, () => random.integers(13))).toEqual([8, 10, 0, 10, 6]);
  expect(random.random()).toBe(0.2858013800881416);
  expect(draws(4, () => random.integers(3_000_000_000))).toEqual([
    1545976682, 2938571141, 161792106, 833771209,
  ]);
});

test('a generator set to a saved state goes on as the one that was saved', () => {
  const random = new Pcg64(9);
  random.integers(10); // leaves half a word behind
  const copy = new Pcg64(0);
  copy.setState(JSON.parse(JSON.stringify(random.getState())));
  const draw = (r: Pcg64) => [r.integers(1000), r.random(), r.normal(), r.nextUint64()];
  expect(draw(copy)).toEqual(draw(random));
});

test('normal draws have mean 0, variance 1 and kurtosis 3', () => {
  const random = new Pcg64(1);
  const sample = draws(100_000, () => random.normal());
  const moment = (power: number) => sample.reduce((sum, x) => sum + x ** power, 0) / sample.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.015);
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.02);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
});

test.each([-1, 0.5, Number.NaN, 2 ** 53])('%d is refused as a seed', (seed) => {
  expect(() => new Pcg64(seed)).toThrow(RangeError);
});
