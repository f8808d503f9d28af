import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  classify,
  createDichotomousBank,
  createTest,
  intervalDecision,
  normalQuantile,
  type StoppingRules,
  simulate,
  sprtBounds,
  sprtDecision,
  sprtLogRatio,
} from '#shared/domain/irt/index.ts';
import { expectClose } from './close.ts';
import { misc, simulation } from './recorded.ts';

const { items, thetas, respond } = simulation();
const bank = createDichotomousBank(items);

/** Sessions of the first simulees under these rules. */
const run = (stop: StoppingRules) =>
  simulate(bank, { exposure: null, stop }, { thetas: thetas.slice(0, 40), respond }).sessions;

describe('a test ends', () => {
  test('at its longest', () => {
    for (const session of run({ max_items: 7 })) {
      expect(session.items).toHaveLength(7);
      expect(session.reason).toBe('max_items');
    }
  });

  test('once θ is precise, but not before its shortest', () => {
    for (const { items: given, se, reason } of run({ max_items: 40, se: 0.35, min_items: 12 })) {
      expect(given.length).toBeGreaterThanOrEqual(12);
      expect(reason).toBe(given.length < 40 || se <= 0.35 ? 'se' : 'max_items');
      if (reason === 'se') expect(se).toBeLessThanOrEqual(0.35);
    }
  });

  test('once the interval around θ leaves the cut out', () => {
    const cut = 0.5;
    const sessions = run({ max_items: 40, classification: { cut, confidence: 0.9 } });
    expect(sessions.some(({ reason }) => reason === 'classification')).toBe(true);
    for (const { theta, se, reason } of sessions)
      expect(reason === 'classification').toBe(Math.abs(theta - cut) >= normalQuantile(0.95) * se);
  });

  test('once the interval lies between two bounds', () => {
    const bounds = [-1, 0, 1];
    const sessions = run({ max_items: 60, confidence_interval: { bounds, confidence: 0.8 } });
    for (const { theta, se, reason } of sessions) {
      const decided = intervalDecision(theta, se, { bounds, confidence: 0.8 });
      expect(reason === 'confidence_interval').toBe(decided >= 0);
    }
  });

  test('once the ratio test has decided', () => {
    const sprt = { cut: 0, delta: 0.3 };
    for (const { items: given, responses, reason, true_theta } of run({ max_items: 60, sprt })) {
      const decision = sprtDecision(bank, { items: given, responses }, sprt);
      expect(reason === 'sprt').toBe(decision !== null);
      if (Math.abs(true_theta) > 1.2) expect(decision).toBe(true_theta > 0 ? 'above' : 'below');
    }
  });

  test('once θ stands still, or its error', () => {
    expect(
      run({ max_items: 60, theta_change: 0.01, min_items: 5 }).some(
        ({ reason }) => reason === 'theta_change',
      ),
    ).toBe(true);
    for (const { items: given, reason } of run({ max_items: 100, plateau: { items: 4, tolerance: 0.005 } })) {
      expect(reason).toBe('plateau');
      expect(given.length).toBeGreaterThan(4);
    }
  });

  test('once no item is left that informs', () => {
    const sessions = run({ max_items: 299, min_information: 0.8 });
    for (const { reason } of sessions) expect(reason).toBe('min_information');
  });

  test('with `all` only once every rule given is met', () => {
    const one = run({ max_items: 60, se: 0.35 });
    const both = run({ max_items: 60, se: 0.35, theta_change: 0.02, combine: 'all' });
    both.forEach(({ items: given, se }, i) => {
      expect(given.length).toBeGreaterThanOrEqual(one[i]?.items.length ?? 99);
      expect(se).toBeLessThanOrEqual(0.35);
    });
  });
});

describe('decisions', () => {
  test('the ratio test is the recorded one, answer by answer', () => {
    const { items: rows, x, logLRafterEach, upper, lower, ...options } = misc().sprt;
    const small = createDichotomousBank(rows);
    const ratios = x.map((_, n) =>
      sprtLogRatio(
        small,
        { items: x.slice(0, n + 1).map((__, i) => i), responses: x.slice(0, n + 1) },
        options,
      ),
    );
    expectClose(ratios, logLRafterEach, 1e-8);
    expectClose([sprtBounds(options).upper, sprtBounds(options).lower], [upper, lower], 1e-12);
  });

  test('an interval that touches the cut is decided, one that crosses it is not', () => {
    const z = normalQuantile(0.975);
    expect(classify(z * 0.3, 0.3, { cut: 0 })).toBe('above');
    expect(classify(-z * 0.3, 0.3, { cut: 0 })).toBe('below');
    expect(classify(0.1, 0.3, { cut: 0 })).toBeNull();
    expect(intervalDecision(-3, 0.1, { bounds: [-1, 1] })).toBe(0);
    expect(intervalDecision(0, 0.1, { bounds: [-1, 1] })).toBe(1);
    expect(intervalDecision(3, 0.1, { bounds: [-1, 1] })).toBe(2);
    expect(intervalDecision(1, 0.1, { bounds: [-1, 1] })).toBe(-1);
  });

  test('normal quantiles', () => {
    expectClose(
      [0.5, 0.8, 0.95, 0.975, 0.995, 1e-10, 1 - 1e-10].map(normalQuantile),
      [
        0, 0.8416212335729143, 1.6448536269514722, 1.959963984540054, 2.5758293035489004, -6.361340902404056,
        6.361340889697422,
      ],
      1e-13,
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 0.5, noNaN: true }), (p) => {
        expect(normalQuantile(p)).toBeCloseTo(-normalQuantile(1 - p), 3);
      }),
    );
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });
});

describe('rules that make no sense are refused', () => {
  test.each<readonly [string, StoppingRules]>([
    ['max_items', { max_items: 0 }],
    ['min_items', { max_items: 5, min_items: 6 }],
    ['se', { max_items: 5, se: 0 }],
    ['confidence', { max_items: 5, classification: { cut: 0, confidence: 1 } }],
    ['confidence_interval', { max_items: 5, confidence_interval: { bounds: [1, 0] } }],
    ['sprt', { max_items: 5, sprt: { cut: 0, delta: 0 } }],
    ['plateau', { max_items: 5, plateau: { items: 1, tolerance: 0.1 } }],
    ['time_limit_s', { max_items: 5, time_limit_s: -1 }],
    ['301', { max_items: 301 }],
  ])('%s', (name, stop) => {
    expect(() => createTest(bank, { stop })).toThrow(RangeError);
    expect(() => createTest(bank, { stop })).toThrow(name);
  });
});
