import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addResultSums,
  lessResultSums,
  noResultSums,
  resultSumsOf,
  summaryOf,
} from '#shared/domain/results/sums.ts';

const result = fc.record({
  status: fc.constantFrom('completed', 'completed', 'abandoned', 'expired', 'in_progress'),
  theta: fc.option(fc.double({ min: -6, max: 6, noNaN: true })),
  score: fc.option(fc.double({ min: 200, max: 800, noNaN: true })),
});
type Result = typeof result extends fc.Arbitrary<infer T> ? T : never;
const sumOf = (results: readonly Result[]) => results.map(resultSumsOf).reduce(addResultSums, noResultSums);

test('sums do not depend on the order or the grouping, and taking out undoes putting in', () => {
  fc.assert(
    fc.property(fc.array(result), fc.array(result), (some, others) => {
      const whole = addResultSums(sumOf(some), sumOf(others));
      expect(whole).toEqual(sumOf([...others, ...some].toReversed()));
      expect(lessResultSums(whole, sumOf(others))).toEqual(sumOf(some));
    }),
  );
});

test('averages are those of the completed results that have a value', () => {
  fc.assert(
    fc.property(fc.array(result, { minLength: 1 }), (results) => {
      const completed = results.filter(({ status }) => status === 'completed');
      const thetas = completed.flatMap(({ theta }) => (theta === null ? [] : [theta]));
      const found = summaryOf(sumOf(results));
      expect(found.total_exams).toBe(results.length);
      expect(found.completed_exams).toBe(completed.length);
      if (thetas.length === 0) expect(found.average_theta).toBeNull();
      else {
        const mean = thetas.reduce((sum, theta) => sum + theta, 0) / thetas.length;
        expect(found.average_theta).toBeCloseTo(mean, 5);
        const squares = thetas.reduce((sum, theta) => sum + (theta - mean) ** 2, 0);
        if (thetas.length > 1)
          expect(found.theta_sd).toBeCloseTo(Math.sqrt(squares / (thetas.length - 1)), 2);
        else expect(found.theta_sd).toBeNull();
      }
    }),
  );
});
