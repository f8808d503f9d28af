import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summitsOf } from '#shared/domain/irt/estimate/climb.ts';
import { createSlope, reachOf, slopeAt } from '#shared/domain/irt/estimate/slope.ts';
import { answersToAll, type Bank, estimateWle, itemDerivatives } from '#shared/domain/irt/index.ts';
import { ability, answered, anyItem, dichotomousItem } from './arbitraries.ts';

const directSlope = (bank: Bank, responses: readonly number[], theta: number): number =>
  responses.reduce((sum, response, i) => {
    const { P, dP } = itemDerivatives(bank, i, theta);
    return sum + (dP[response] ?? Number.NaN) / (P[response] ?? Number.NaN);
  }, 0);

test('the slope of ln L is the sum of the items’ P′/P', () => {
  fc.assert(
    fc.property(answered(anyItem, 8), ability, ({ bank, responses }, theta) => {
      const found = slopeAt(createSlope(bank, answersToAll(bank, responses)), theta);
      expect(found).toBeCloseTo(directSlope(bank, responses, theta), 8);
    }),
    { numRuns: 60 },
  );
});

test('within its reach the slope keeps its sign', () => {
  fc.assert(
    fc.property(answered(anyItem, 8), ability, ({ bank, responses }, theta) => {
      const likelihood = createSlope(bank, answersToAll(bank, responses));
      const slope = slopeAt(likelihood, theta);
      const reach = Math.min(8, 0.99 * reachOf(likelihood, slope));
      for (let part = 1; part <= 40; part++) {
        const there = slopeAt(likelihood, theta + (reach * part) / 40);
        // farther out a slope may underflow to 0
        expect(Math.sign(there) * Math.sign(slope)).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 150 },
  );
});

test('passing over what is within reach finds the maxima that a scan of every point finds', () => {
  fc.assert(
    fc.property(answered(dichotomousItem, 8), ({ bank, responses }) => {
      const likelihood = createSlope(bank, answersToAll(bank, responses));
      const slope = (theta: number) => slopeAt(likelihood, theta);
      const passing = summitsOf({ slope, reach: (there) => reachOf(likelihood, there) }, -6, 6, 240);
      const scanned = summitsOf({ slope, reach: () => 0 }, -6, 6, 240);
      expect(passing).toEqual(scanned);
    }),
    { numRuns: 100 },
  );
});

test("Warm's equation holds wherever his estimate is not a bound", () => {
  fc.assert(
    fc.property(answered(dichotomousItem, 8), ({ bank, responses }) => {
      const { theta, at_bound } = estimateWle(bank, answersToAll(bank, responses));
      if (at_bound) return;
      const parts = responses.map((_, i) => itemDerivatives(bank, i, theta));
      const information = parts.reduce((sum, { I }) => sum + I, 0);
      const bias = parts.reduce((sum, { J }) => sum + J, 0);
      expect(directSlope(bank, responses, theta) + bias / (2 * information)).toBeCloseTo(0, 8);
    }),
    { numRuns: 60 },
  );
});
