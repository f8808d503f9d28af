import { describe, expect, test } from 'vitest';
import {
  difLogistic,
  difMantelHaenszel,
  etsClass,
  type ItemParameters,
  purified,
  responsesOf,
} from '#shared/domain/irt/index.ts';
import { expectClose } from './close.ts';
import { simulatedResponses } from './direct-likelihood.ts';
import { dif } from './recorded-calibration.ts';

const { responses, focal, results } = dif();

describe('ten items, of which 2 is harder and 6 flatter in the focal group', () => {
  test('Mantel and Haenszel’s odds ratio, delta, χ² and p are R’s', () => {
    const found = difMantelHaenszel(responses, focal);
    expectClose(
      found.map(({ alpha }) => alpha),
      results.map(({ MH_alpha }) => MH_alpha),
      1e-6,
      'alpha',
    );
    expectClose(
      found.map(({ delta }) => delta),
      results.map(({ MH_delta }) => MH_delta),
      1e-6,
      'delta',
    );
    expectClose(
      found.map(({ chi_square }) => chi_square),
      results.map(({ MH_chi2_cc }) => MH_chi2_cc),
      1e-6,
      'χ²',
    );
    expectClose(
      found.map(({ p }) => p),
      results.map(({ MH_p }) => MH_p),
      1e-6,
      'p',
    );
  });

  test('deviances, coefficients and likelihood ratios of logistic regression are R’s', () => {
    const found = difLogistic(responses, focal);
    const recorded = results.map(({ logistic }) => logistic);
    expectClose(
      found.flatMap(({ deviances }) => deviances),
      recorded.flatMap(({ dev0, dev1, dev2 }) => [dev0, dev1, dev2]),
      1e-6,
      'deviances',
    );
    expectClose(
      found.flatMap(({ coefficients }) => coefficients),
      recorded.flatMap(({ coef2 }) => coef2),
      1e-6,
    );
    expectClose(
      found.map(({ uniform }) => uniform.chi_square),
      recorded.map(({ LR_uniform }) => LR_uniform),
      1e-6,
    );
    expectClose(
      found.map(({ nonuniform }) => nonuniform.chi_square),
      recorded.map(({ LR_nonuniform }) => LR_nonuniform),
      1e-6,
    );
  });

  test('the harder item is of class C, the flatter one is seen too', () => {
    const classes = difMantelHaenszel(responses, focal).map((found) => found.class);
    expect(classes.join('')).toBe('AACAAABAAA');
    const logistic = difLogistic(responses, focal);
    expect(logistic[2]?.uniform.p).toBeLessThan(1e-6);
    expect(logistic[6]?.nonuniform.p).toBeLessThan(1e-3);
  });

  test('the groups in the other order turn delta round', () => {
    const one = difMantelHaenszel(responses, focal);
    const other = difMantelHaenszel(
      responses,
      focal.map((is) => !is),
    );
    expectClose(
      other.map(({ delta }) => delta),
      one.map(({ delta }) => -delta),
      1e-10,
    );
    expectClose(
      other.map(({ delta_se }) => delta_se),
      one.map(({ delta_se }) => delta_se),
      1e-10,
    );
  });

  test('purification leaves the two items out of the matching score', () => {
    const { anchors, stable, results: found } = purified(difMantelHaenszel, responses, focal);
    expect(anchors).toEqual([0, 1, 3, 4, 5, 7, 8, 9]);
    expect(stable).toBe(true);
    expect(found.map((item) => item.class).join('')).toBe('AACAAABAAA');
  });
});

test('the standard error of delta is that of its spread over samples', () => {
  const items: ItemParameters[] = Array.from({ length: 8 }, (_, i) => ({
    model: '1PL',
    a: 1,
    b: -1 + i / 4,
  }));
  const found = Array.from({ length: 60 }, (_, sample) => {
    const answers = simulatedResponses(items, 400, { seed: 100 + 2 * sample });
    return difMantelHaenszel(
      answers,
      Array.from({ length: 400 }, (__, r) => r % 2),
      { items: [3] },
    )[0];
  });
  const deltas = found.map((one) => one?.delta ?? Number.NaN);
  const mean = deltas.reduce((sum, delta) => sum + delta, 0) / deltas.length;
  const sd = Math.sqrt(deltas.reduce((sum, delta) => sum + (delta - mean) ** 2, 0) / (deltas.length - 1));
  const reported = found.reduce((sum, one) => sum + (one?.delta_se ?? 0), 0) / found.length;
  // a standard deviation of 60 values is known to about 9 %
  expect(Math.abs(sd / reported - 1)).toBeLessThan(0.3);
  expect(Math.abs(mean)).toBeLessThan((4 * reported) / Math.sqrt(60));
});

describe("ETS's classes", () => {
  test.each([
    [-0.9, 0.1, 0.001, 'A'],
    [-2.4, 1, 0.2, 'A'],
    [1.2, 0.3, 0.001, 'B'],
    [-1.6, 0.5, 0.01, 'B'],
    [-1.6, 0.2, 0.001, 'C'],
    [1.5, 0.1, 0.001, 'C'],
  ] as const)('delta %d ± %d, p %d is %s', (delta, se, p, expected) => {
    expect(etsClass(delta, se, p)).toBe(expected);
  });
});

describe('what is given', () => {
  const rows = ['10', '01', '11', '00', '1.', '01'];

  test('who did not answer the item does not count for it', () => {
    const groups = [0, 0, 1, 1, 1, 0];
    const one = difMantelHaenszel(responsesOf(rows), groups, { items: [1] });
    const other = difMantelHaenszel(responsesOf(rows.filter((row) => row !== '1.')), [0, 0, 1, 1, 0], {
      items: [1],
    });
    expect(one).toEqual(other);
  });

  test('persons may be matched by something else', () => {
    const byHalf = difMantelHaenszel(responses, focal, { matching: focal.map((_, r) => r % 2), items: [2] });
    expect(byHalf[0]?.alpha).not.toBeCloseTo(results[2]?.MH_alpha ?? 0, 2);
  });

  test('groups that have no score in common have no class', () => {
    const [found] = difMantelHaenszel(responsesOf(['10', '00', '11', '11']), [0, 0, 1, 1], { items: [1] });
    expect(found).toMatchObject({ class: null, p: Number.NaN });
  });

  test.each([
    ['groups', () => difMantelHaenszel(responsesOf(rows), [0, 1]), /6 rows have 2 groups/],
    [
      'matching scores',
      () => difLogistic(responsesOf(['0', '1']), [0, 1], { matching: [1] }),
      /2 rows have 1 matching/,
    ],
    ['items', () => difLogistic(responsesOf(['0', '1']), [0, 1], { items: [1] }), /no item 1 among 1/],
    ['categories', () => difMantelHaenszel(responsesOf(['2', '1']), [0, 1]), /category 2 is neither/],
  ])('%s that do not belong are refused', (_, test_, message) => {
    expect(test_).toThrow(message);
  });
});
