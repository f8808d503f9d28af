import { describe, expect, test } from 'vitest';
import { calibrate, createBank, responsesOf } from '#shared/domain/irt/index.ts';
import { expectClose } from './close.ts';
import { directLogLikelihood, flatten, parametersIn } from './direct-likelihood.ts';
import { dichotomousSet, dichotomousSets, guessing, science } from './recorded-calibration.ts';

const modes = [
  { mode: 'normal', tolerance: 1e-4 },
  { mode: 'tight', tolerance: 1e-6 },
] as const;

describe.each(modes)(
  'in $mode mode within $tolerance of the maximum of the likelihood',
  ({ mode, tolerance }) => {
    test.each(dichotomousSets())('$name, 2PL and 1PL', ({ responses, twoPL, onePL }) => {
      for (const [model, expected] of [
        ['2PL', twoPL],
        ['1PL', onePL],
      ] as const) {
        const { items, log_likelihood, report } = calibrate(responses, { model, mode });
        const label = `${model} `;
        expect(report.converged).toBe(true);
        expectClose(
          items.map(({ parameters }) => parameters.a ?? Number.NaN),
          expected.a,
          tolerance,
          `${label}a`,
        );
        expectClose(
          items.map(({ parameters }) => ('b' in parameters ? parameters.b : Number.NaN)),
          expected.b,
          tolerance,
          `${label}b`,
        );
        expectClose([log_likelihood], [expected.logLik], 1e-5, `${label}log-likelihood`);
        const errors = items.map(({ standard_errors }) => standard_errors);
        expectClose(
          errors.map((error) => error?.slope ?? Number.NaN).slice(0, expected.se_a.length),
          expected.se_a,
          tolerance,
          `${label}SE of a`,
        );
        expectClose(
          errors.map((error) => error?.intercepts[0] ?? Number.NaN),
          expected.se_d,
          tolerance,
          `${label}SE of d`,
        );
      }
    });

    test('the Science data, GRM and GPCM', () => {
      const { responses, ...models } = science();
      for (const model of ['GRM', 'GPCM'] as const) {
        const calibration = calibrate(responses, { model, mode });
        // mirt integrates on 61 nodes of ±6, which is our normal grid
        const within = mode === 'tight' ? 5e-6 : 1e-5;
        expectClose(flatten(parametersIn(calibration)), models[model].IRTpars.flat(), within, model);
        expectClose([calibration.log_likelihood], [models[model].logLik], 1e-5, model);
        expectClose([calibration.aic, calibration.bic], [models[model].AIC, models[model].BIC], 1e-4, model);
      }
    });
  },
);

test('3PL with a prior on c: within 1e-4 of two other programs, and not below them', () => {
  const { rows, mirt, exactCheck } = guessing();
  const responses = responsesOf(rows);
  const c = { kind: 'logit-normal', mean: -1.386294361, sd: 0.5 } as const;
  const calibration = calibrate(responses, { model: '3PL', priors: { c } });
  const parameters = parametersIn(calibration);
  const { a, b } = exactCheck;
  const expected = a.flatMap((slope, i) => [slope, b[i] ?? Number.NaN, exactCheck.c[i] ?? Number.NaN]);
  expectClose(flatten(parameters), expected, 1e-4);
  expectClose([calibration.log_prior], [mirt.logPost], 1e-4);
  const objective = calibration.log_likelihood + calibration.log_prior;
  expect(objective).toBeGreaterThanOrEqual(exactCheck.logLik + mirt.logPost - 1e-6);
  expect(directLogLikelihood(createBank(parameters), responses)).toBeCloseTo(calibration.log_likelihood, 4);
});

describe('known faults of other programs', () => {
  test("steep items: the book's Gauss–Hermite is off by .18 in a slope, a fine grid is not", () => {
    const { responses, twoPL, ltm } = dichotomousSet('Abortion');
    const { items, report } = calibrate(responses);
    const slopes = items.map(({ parameters }) => parameters.a ?? Number.NaN);
    expectClose(slopes, twoPL.a, 1e-5);
    expect(Math.abs((ltm?.a[2] ?? 0) - (slopes[2] ?? 0))).toBeGreaterThan(0.17);
    // a slope of 6 asks for more nodes than the 61 of gentle items
    expect(report.grid.nodes).toBeGreaterThan(80);
  });
});
