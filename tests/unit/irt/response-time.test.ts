import { describe, expect, test } from 'vitest';
import {
  calibrateTimes,
  estimateSpeed,
  isRapidGuess,
  normalOf,
  rapidGuessThreshold,
  responseTimeEffort,
  type TimedResponse,
  timeResidual,
  timesLogLikelihood,
  uniformOf,
} from '#shared/domain/irt/index.ts';
import { slopes } from './direct-likelihood.ts';
import { responseTime } from './recorded-calibration.ts';

const { alpha, beta, seconds, tau, se } = responseTime();
const responses: TimedResponse[] = alpha.map((a, i) => ({
  alpha: a,
  beta: beta[i] ?? Number.NaN,
  seconds: seconds[i] ?? Number.NaN,
}));

describe('speed', () => {
  test('and its standard error are the reference’s', () => {
    const found = estimateSpeed(responses);
    expect(found.tau).toBeCloseTo(tau, 10);
    expect(found.se).toBeCloseTo(se, 10);
  });

  test('is where the likelihood of the times is highest', () => {
    const found = estimateSpeed(responses).tau;
    const [slope] = slopes(([t = 0]) => timesLogLikelihood(responses, t), [found]);
    expect(slope).toBeCloseTo(0, 6);
  });

  test('is higher by ln 2 where everything takes half the time', () => {
    const hurried = responses.map((response) => ({ ...response, seconds: response.seconds / 2 }));
    expect(estimateSpeed(hurried).tau - tau).toBeCloseTo(Math.LN2, 12);
  });

  test('with a prior is drawn to it, and known without responses', () => {
    const prior = { mean: 0, sd: 0.2 };
    const found = estimateSpeed(responses, prior);
    expect(found.tau).toBeGreaterThan(0);
    expect(found.tau).toBeLessThan(tau);
    expect(found.se).toBeLessThan(se);
    expect(estimateSpeed([], prior)).toEqual({ tau: 0, se: 0.2 });
  });

  test.each([
    ['no responses', [], /at least one/],
    ['a time of nothing', [{ alpha: 1, beta: 1, seconds: 0 }], /a time is positive/],
    ['an α of nothing', [{ alpha: 0, beta: 1, seconds: 1 }], /alpha must be positive/],
    ['no β', [{ alpha: 1, beta: Number.NaN, seconds: 1 }], /beta must be finite/],
  ])('%s is refused', (_, given, message) => {
    expect(() => estimateSpeed(given)).toThrow(message);
  });
});

describe('rapid guesses', () => {
  test('a tenth of the typical time, and never more than ten seconds', () => {
    expect(rapidGuessThreshold(40)).toBe(4);
    expect(rapidGuessThreshold(600)).toBe(10);
    expect(isRapidGuess(3.9, 40)).toBe(true);
    expect(isRapidGuess(4, 40)).toBe(false);
    expect(isRapidGuess(7, 40, 0.2)).toBe(true);
  });

  test('effort is the share of the others', () => {
    expect(responseTimeEffort([true, false, false, false])).toBe(0.75);
    expect(() => responseTimeEffort([])).toThrow(/at least one/);
  });

  test('an item without a typical time has no threshold', () => {
    expect(() => rapidGuessThreshold(0)).toThrow(/typical time is positive/);
  });

  test('stand out as residuals too', () => {
    expect(timeResidual({ alpha: 2, beta: 3, seconds: Math.exp(3) }, 0)).toBeCloseTo(0, 12);
    expect(timeResidual({ alpha: 2, beta: 3, seconds: 1 }, 0)).toBeCloseTo(-6, 12);
  });
});

describe('time parameters of items', () => {
  const [persons, items] = [800, 12];
  const truth = Array.from({ length: items }, (_, i) => ({ alpha: 1.4 + 0.1 * i, beta: 3 + 0.08 * i }));
  const speeds = Array.from({ length: persons }, (_, person) => 0.4 * normalOf(31, person));
  const times = speeds.map((speed, person) =>
    truth.map(({ alpha: a, beta: b }, item) =>
      uniformOf(32, person, item) < 0.2 ? null : Math.exp(b - speed + normalOf(33 + item, person) / a),
    ),
  );
  const found = calibrateTimes(times);

  test('are recovered with missing times', () => {
    expect(found.converged).toBe(true);
    truth.forEach(({ alpha: a, beta: b }, i) => {
      // standard errors are about 1/(α √n) and α/√(2n), n = 640
      expect(Math.abs((found.beta[i] ?? 0) - b)).toBeLessThan(0.1);
      expect(Math.abs((found.alpha[i] ?? 0) / a - 1)).toBeLessThan(0.12);
    });
    expect(Math.abs(found.speed_sd - 0.4)).toBeLessThan(0.05);
  });

  test('lead to the persons’ speeds', () => {
    const away = times.map((row, person) => {
      const timed = row.flatMap((time, i) =>
        time === null ? [] : [{ alpha: found.alpha[i] ?? 1, beta: found.beta[i] ?? 0, seconds: time }],
      );
      const { tau: speed, se: error } = estimateSpeed(timed);
      return (speed - (speeds[person] ?? 0)) / error;
    });
    const meanSquare = away.reduce((sum, z) => sum + z * z, 0) / persons;
    expect(meanSquare).toBeGreaterThan(0.85);
    expect(meanSquare).toBeLessThan(1.2);
  });

  test.each([
    ['no times', [], /no times/],
    ['rows of unequal length', [[1, 2], [1]], /row 1 has 1 times/],
    [
      'an item nobody was timed on',
      [
        [1, null],
        [2, null],
      ],
      /item 1 has 0 times/,
    ],
    ['a negative time', [[-1], [1]], /a time is positive/],
  ])('%s are refused', (_, given, message) => {
    expect(() => calibrateTimes(given)).toThrow(message);
  });
});
