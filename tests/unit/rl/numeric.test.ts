import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cos, exp, log, sin, tanhInPlace } from '#shared/domain/rl/numeric.ts';

const tanh = (x: number): number => {
  const values = Float64Array.of(x);
  tanhInPlace(values, 1);
  return values[0] ?? 0;
};

/** Within `ulps` units in the last place; V8's own functions are accurate to about one. */
const close = (actual: number, expected: number, ulps = 4) =>
  Math.abs(actual - expected) <= ulps * 2.3e-16 * Math.max(Math.abs(expected), 1e-300);

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('the portable functions agree with Math to a few units in the last place', () => {
  test('exp', () => {
    fc.assert(
      fc.property(between(-700, 709), (x) => close(exp(x), Math.exp(x))),
      { numRuns: 2000 },
    );
  });
  test('log', () => {
    const positive = fc.oneof(between(1e-300, 1e300), between(0.5, 2));
    fc.assert(
      fc.property(positive, (x) => close(log(x), Math.log(x))),
      { numRuns: 2000 },
    );
  });
  test('tanh', () => {
    const x = fc.oneof(between(-30, 30), between(-0.1, 0.1));
    fc.assert(
      fc.property(x, (v) => close(tanh(v), Math.tanh(v))),
      { numRuns: 2000 },
    );
  });
  test('sin and cos, in absolute terms', () => {
    const near = (a: number, b: number) => Math.abs(a - b) <= 4e-16;
    fc.assert(
      fc.property(between(-100, 100), (x) => near(sin(x), Math.sin(x)) && near(cos(x), Math.cos(x))),
      { numRuns: 2000 },
    );
  });
  test('sin and cos of small angles, relatively', () => {
    fc.assert(
      fc.property(between(-0.5, 0.5), (x) => close(sin(x), Math.sin(x)) && close(cos(x), Math.cos(x))),
    );
  });
});

describe('the ends of the ranges', () => {
  test.each([
    ['exp overflows', exp(710), Number.POSITIVE_INFINITY],
    ['exp reaches the largest numbers', exp(709.7) / Math.exp(709.7), 1],
    ['exp underflows', exp(-746), 0],
    ['exp of 0', exp(0), 1],
    ['log of 0', log(0), Number.NEGATIVE_INFINITY],
    ['log of a negative number', log(-1), Number.NaN],
    ['log of infinity', log(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY],
    ['log of the smallest number', log(5e-324), Math.log(5e-324)],
    ['log of 1', log(1), 0],
    ['tanh saturates', tanh(50), 1],
    ['tanh saturates below', tanh(-50), -1],
    ['tanh of 0', tanh(0), 0],
    ['exp of NaN', exp(Number.NaN), Number.NaN],
    ['tanh of NaN', tanh(Number.NaN), Number.NaN],
    ['sin of NaN', sin(Number.NaN), Number.NaN],
  ])('%s', (_, actual, expected) => {
    if (Number.isNaN(expected)) expect(actual).toBeNaN();
    else expect(actual).toBeCloseTo(expected, 12);
  });
});

// The same literals on every engine and processor: a change here changes trained weights.
test('the bits are pinned', () => {
  expect([exp(-1.25), log(0.3), tanh(0.7), sin(0.2), cos(0.2)]).toMatchInlineSnapshot(`
    [
      0.2865047968601901,
      -1.2039728043259361,
      0.6043677771171635,
      0.19866933079506122,
      0.9800665778412416,
    ]
  `);
});
