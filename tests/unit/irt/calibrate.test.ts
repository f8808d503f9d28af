import { describe, expect, test } from 'vitest';
import {
  type CalibratedModel,
  type CalibrationOptions,
  calibrate,
  calibrationGates,
  createBank,
  type ItemParameters,
  normalOf,
  type Priors,
  type Responses,
  responsesOf,
} from '#shared/domain/irt/index.ts';
import { expectClose } from './close.ts';
import {
  bends,
  directLogLikelihood,
  flatten,
  inverse,
  parametersIn,
  simulatedResponses,
  slopes,
  unflatten,
} from './direct-likelihood.ts';
import { dichotomousSet } from './recorded-calibration.ts';

const mixed: readonly ItemParameters[] = [
  { model: '2PL', a: 1.2, b: -0.8 },
  { model: '3PL', a: 1.6, b: 0.3, c: 0.2 },
  { model: 'GRM', a: 1.4, thresholds: [-1, 0.2, 1.1] },
  { model: 'GPCM', a: 0.9, thresholds: [0.5, -0.4] },
  { model: '1PL', a: 1.1, b: 0.4 },
  { model: '1PL', a: 1.1, b: -0.5 },
];
const models = ['2PL', '3PL', 'GRM', 'GPCM', '1PL', '1PL'] as const;
/** A third of the answers is missing, everybody's in another place. */
const patchy = (person: number, item: number): boolean => (person + 2 * item) % 3 !== 0;

/** ln prior in a, b and c, from the densities' formulas. */
function logPrior(items: readonly ItemParameters[], { a, b, c }: Priors): number {
  const normal = (x: number, mean: number, sd: number): number =>
    -0.5 * ((x - mean) / sd) ** 2 - Math.log(sd * Math.sqrt(2 * Math.PI));
  let sum = 0;
  items.forEach((item, i) => {
    const { a: slope = 1 } = item;
    const firstOf1PL = items.findIndex(({ model }) => model === '1PL');
    if (a && (item.model !== '1PL' || i === firstOf1PL))
      sum += normal(Math.log(slope), a.mean, a.sd) - Math.log(slope);
    for (const place of 'thresholds' in item ? item.thresholds : [item.b])
      if (b) sum += normal(place, b.mean, b.sd);
    if ('c' in item && c?.kind === 'logit-normal')
      sum += normal(Math.log(item.c / (1 - item.c)), c.mean, c.sd);
    // Beta(5, 17): 1/B = 21!/(4! 16!)
    if ('c' in item && c?.kind === 'beta')
      sum += (c.alpha - 1) * Math.log(item.c) + (c.beta - 1) * Math.log(1 - item.c) + Math.log(101_745);
  });
  return sum;
}

/** The posterior as a function of all parameters, the 1PL items' slope taken from the first of them. */
function directPosterior(items: readonly ItemParameters[], responses: Responses, priors: Priors, D: number) {
  return (values: readonly number[]): number => {
    const moved = unflatten(items, values);
    const shared = moved.find(({ model }) => model === '1PL')?.a;
    const tied = moved.map((item) => (item.model === '1PL' ? { ...item, a: shared } : item));
    return directLogLikelihood(createBank(tied, { D }), responses) + logPrior(tied, priors);
  };
}

const cases: readonly { name: string; priors: Priors; D: number }[] = [
  { name: 'a normal prior on logit c', priors: { c: { kind: 'logit-normal', mean: -1.4, sd: 0.4 } }, D: 1 },
  {
    name: 'priors on a, b and c, in the normal metric',
    priors: { a: { mean: 0, sd: 0.5 }, b: { mean: 0, sd: 2 }, c: { kind: 'beta', alpha: 5, beta: 17 } },
    D: 1.702,
  },
];

describe.each(cases)('five models at once, answers missing, with $name', ({ priors, D }) => {
  const responses = simulatedResponses(mixed, 150, { seed: 11, D, asks: patchy });
  const calibration = calibrate(responses, { model: models, priors, D, mode: 'tight' });
  const items = parametersIn(calibration);
  const posterior = directPosterior(items, responses, priors, D);

  test('the likelihood and the prior are those of the formulas', () => {
    expect(calibration.log_likelihood).toBeCloseTo(
      directLogLikelihood(createBank(items, { D }), responses),
      8,
    );
    expect(calibration.log_prior).toBeCloseTo(logPrior(items, priors), 8);
    expect(calibration.parameters).toBe(2 + 3 + 4 + 3 + 1 + 2);
  });

  test('at the estimates the posterior has no slope', () => {
    expect(calibration.report.converged).toBe(true);
    const found = slopes(posterior, flatten(items));
    expectClose(
      found,
      found.map(() => 0),
      2e-4,
    );
  });

  test('standard errors are those of the posterior’s second derivatives', () => {
    const values = flatten(items);
    // the second 1PL item's slope is the first one's
    const own = values.map((_, i) => i).filter((i) => i !== values.length - 2);
    const covariance = inverse(
      bends(
        (x) => posterior(values.map((value, i) => (own.includes(i) ? (x[own.indexOf(i)] ?? 0) : value))),
        own.map((i) => values[i] ?? 0),
      ).map((row) => row.map((value) => -value)),
    );
    const direct = covariance.map((row, i) => Math.sqrt(row[i] ?? 0));
    const reported = calibration.items.flatMap(({ standard_errors: errors, parameters }) => {
      if (errors === null) return [];
      const { a, b, c, thresholds } = errors;
      if (thresholds.length > 0) return [a, ...thresholds];
      return parameters.model === '3PL' ? [a, b, c] : [a, b];
    });
    const ratios = own.map((i, k) => (reported[i] ?? 0) / (direct[k] ?? 1));
    expectClose(
      ratios,
      ratios.map(() => 1),
      2e-3,
    );
  });
});

describe('data', () => {
  test('patterns with counts are the persons themselves', () => {
    const { responses } = dichotomousSet('LSAT6');
    const everybody: string[] = [];
    for (let r = 0; r < responses.rows; r++) {
      const row = Array.from(responses.data.subarray(5 * r, 5 * r + 5)).join('');
      for (let n = 0; n < (responses.counts[r] ?? 0); n++) everybody.push(row);
    }
    const one = calibrate(responses);
    const other = calibrate(responsesOf(everybody.reverse()));
    expectClose(flatten(parametersIn(other)), flatten(parametersIn(one)), 1e-6);
    expect(other.persons).toBe(1000);
  });

  test('whoever answered nothing changes nothing', () => {
    const rows = ['110', '011', '101', '010', '001', '100', '111', '000'];
    const one = calibrate(responsesOf(rows), { model: '1PL' });
    const other = calibrate(responsesOf([...rows, '...']), { model: '1PL' });
    expect(other.log_likelihood).toBeCloseTo(one.log_likelihood, 10);
    expect(other.persons).toBe(8);
  });

  test('the normal metric has slopes smaller by 1.702 and the same difficulties', () => {
    const { responses } = dichotomousSet('LSAT7');
    const one = flatten(parametersIn(calibrate(responses, { mode: 'tight' })));
    const other = flatten(parametersIn(calibrate(responses, { mode: 'tight', D: 1.702 })));
    expectClose(
      other.map((value, i) => (i % 2 === 0 ? 1.702 * value : value)),
      one,
      1e-8,
    );
  });

  test.each([
    ['rows of unequal length', () => responsesOf(['01', '011']), /row 1 has 3 responses/],
    ['no rows', () => responsesOf([]), /no responses/],
    ['a category that is none', () => responsesOf([[0, 1.5]]), /row 0, item 1: 1.5/],
    ['a letter', () => responsesOf(['0x']), /row 0, item 1: x/],
    ['a count of nobody', () => responsesOf(['01'], [0]), /row 0 has the count 0/],
  ])('%s is refused', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('all items that cannot be calibrated are named at once', () => {
    const responses = responsesOf(['010.', '011.', '010.']);
    expect(() => calibrate(responses)).toThrow(
      /item 0: nobody answered category 1; item 1: nobody answered category 0; item 3: nobody answered it/,
    );
  });

  test('a prior on b makes an item that everybody solved calibratable', () => {
    const { responses } = dichotomousSet('LSAT6');
    const rows = Array.from({ length: responses.rows }, (_, r) => [
      ...responses.data.subarray(5 * r, 5 * r + 5),
      1,
    ]);
    const { items, report } = calibrate(responsesOf(rows, responses.counts), {
      priors: { a: { mean: 0, sd: 0.5 }, b: { mean: 0, sd: 2 } },
    });
    expect(report.converged).toBe(true);
    expect(flatten(items.slice(5).map(({ parameters }) => parameters))[1]).toBeLessThan(-3);
  });

  test.each<[string, CalibrationOptions, RegExp]>([
    ['models', { model: ['2PL'] }, /5 items have 1 models/],
    ['priors', { priors: { b: { mean: 0, sd: 0 } } }, /sd of b must be positive/],
    ['D', { D: -1 }, /D must be positive/],
    ['spread of θ', { latent: { sd: 0 } }, /standard deviation 0/],
    ['an estimated θ without fixed items', { latent: { kind: 'normal' } }, /only beside items with fixed/],
  ])('options that cannot be are refused: %s', (_, options, message) => {
    expect(() => calibrate(dichotomousSet('LSAT6').responses, options)).toThrow(message);
  });
});

describe('the ascent', () => {
  test('EM alone, without standard errors, reaches the same maximum', () => {
    for (const name of ['LSAT6', 'LSAT7', 'Abortion']) {
      const { responses, twoPL } = dichotomousSet(name);
      const { items, report } = calibrate(responses, { standard_errors: false });
      expect(report).toMatchObject({ converged: true, newton_steps: 0 });
      expectClose(
        items.map(({ parameters }) => parameters.a ?? 0),
        twoPL.a,
        1e-4,
        name,
      );
      expect(items.every(({ standard_errors }) => standard_errors === null)).toBe(true);
    }
  });

  test('the objective never falls from cycle to cycle', () => {
    const { trace } = calibrate(dichotomousSet('LSAT6').responses, { standard_errors: false }).report;
    expect(trace.length).toBeGreaterThan(3);
    for (let t = 1; t < trace.length; t++)
      expect(trace[t]).toBeGreaterThanOrEqual((trace[t - 1] ?? 0) - 1e-7);
  });

  test('too few cycles are reported, not hidden', () => {
    const { report } = calibrate(dichotomousSet('LSAT6').responses, {
      standard_errors: false,
      max_cycles: 2,
    });
    expect(report).toMatchObject({ converged: false, cycles: 2 });
  });

  test('an item that the better persons fail has a negative slope and a warning', () => {
    const good: ItemParameters[] = [-1, -0.5, 0, 0.5, 1].map((b) => ({ model: '2PL', a: 1.5, b }));
    const responses = simulatedResponses(good, 400, { seed: 5 });
    for (let r = 0; r < responses.rows; r++) responses.data[5 * r] = 1 - (responses.data[5 * r] ?? 0);
    const { items } = calibrate(responses);
    expect(items[0]?.slope).toBeLessThan(-0.8);
    expect(items.map(({ warnings }) => warnings)).toEqual([['negative_slope'], [], [], [], []]);
  });

  test('a perfect scale has no steepest slope: it is held and named, and the difficulties are in order', () => {
    const rows = Array.from({ length: 7 }, (_, right) => '1'.repeat(right) + '0'.repeat(6 - right));
    for (const model of ['2PL', '1PL'] as const) {
      const { items, report } = calibrate(responsesOf(rows, new Array(7).fill(30)), { model });
      expect(report.converged).toBe(true);
      expect(report.held).toEqual([0, 1, 2, 3, 4, 5]);
      expect(items.every(({ slope, warnings }) => slope === 20 && warnings.includes('steep_slope'))).toBe(
        true,
      );
      // without a standard error it passes no gate
      expect(items[0]?.standard_errors?.b).toBeNaN();
      const places = items.map(({ parameters }) => ('b' in parameters ? parameters.b : Number.NaN));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
  });

  test('without a prior c may end at 0, where it is held, and the rest is 2PL', () => {
    const ladder: ItemParameters[] = Array.from({ length: 8 }, (_, i) => ({
      model: '2PL',
      a: 1.5,
      b: -2 + i / 2,
    }));
    const responses = simulatedResponses(ladder, 500, { seed: 63 });
    const models = ladder.map((_, i): CalibratedModel => (i === 7 ? '3PL' : '2PL'));
    const two = calibrate(responses);
    const three = calibrate(responses, { model: models, priors: { c: null } });
    expect(three.report).toMatchObject({ converged: true, held: [7] });
    expect(three.log_likelihood).toBeCloseTo(two.log_likelihood, 1);
    expectClose(flatten(parametersIn(three)).slice(0, 16), flatten(parametersIn(two)), 2e-3);
  });

  test('what the data do not say is not called converged', () => {
    const { report, items } = calibrate(responsesOf(['1', '0'], [60, 40]));
    expect(report.converged).toBe(false);
    expect(items[0]?.standard_errors).toBeNull();
  });
});

describe('pilot items beside fixed ones', () => {
  const bank: ItemParameters[] = [-1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2].map((b, i) => ({
    model: '2PL',
    a: 1 + 0.1 * i,
    b,
  }));
  const pilots: ItemParameters[] = [
    { model: '2PL', a: 1.3, b: 0.2 },
    { model: '2PL', a: 0.8, b: 1.2 },
  ];
  const items = [...bank, ...pilots];
  const asks = (person: number, item: number): boolean => item < 8 || (person + item) % 2 === 0;

  test('a class above average is seen as one, and the pilots come out on the bank’s scale', () => {
    const responses = simulatedResponses(items, 3000, { seed: 21, mean: 0.8, sd: 1.2, asks });
    const { items: found, latent, report } = calibrate(responses, { fixed: bank, mode: 'tight' });
    expect(report.converged).toBe(true);
    expect(parametersIn({ items: found.slice(0, 8) })).toEqual(bank);
    expect(latent.kind).toBe('normal');
    const { mean = 0, sd = 0 } = latent.standard_errors ?? {};
    expect(Math.abs(latent.mean - 0.8)).toBeLessThan(3 * mean);
    expect(Math.abs(latent.sd - 1.2)).toBeLessThan(3 * sd);
    expect(mean).toBeLessThan(0.05);
    found.slice(8).forEach(({ parameters, standard_errors: errors, fixed, answered }, i) => {
      expect({ fixed, answered }).toEqual({ fixed: false, answered: 1500 });
      const [a = 0, b = 0] = flatten([parameters]);
      const [trueA = 0, trueB = 0] = flatten(pilots.slice(i, i + 1));
      expect(Math.abs(a - trueA)).toBeLessThan(3 * (errors?.a ?? 0));
      expect(Math.abs(b - trueB)).toBeLessThan(3 * (errors?.b ?? 0));
    });
  });

  test('at the estimates the likelihood has no slope in the pilots, the mean and the spread', () => {
    const responses = simulatedResponses(items, 300, { seed: 22, mean: -0.4, sd: 0.8, asks });
    const { items: found, latent } = calibrate(responses, { fixed: bank, mode: 'tight' });
    const estimated = found.slice(8).map(({ parameters }) => parameters);
    const direct = (values: readonly number[]): number => {
      const [mean = 0, sd = 1, ...rest] = values;
      return directLogLikelihood(createBank([...bank, ...unflatten(estimated, rest)]), responses, mean, sd);
    };
    const at = [latent.mean, latent.sd, ...flatten(estimated)];
    expectClose(slopes(direct, at), [0, 0, 0, 0, 0, 0], 2e-4);
    const covariance = inverse(bends(direct, at).map((row) => row.map((value) => -value)));
    expect(latent.standard_errors?.mean).toBeCloseTo(Math.sqrt(covariance[0]?.[0] ?? 0), 4);
    expect(latent.standard_errors?.sd).toBeCloseTo(Math.sqrt(covariance[1]?.[1] ?? 0), 4);
    expect(found[8]?.standard_errors?.b).toBeCloseTo(Math.sqrt(covariance[3]?.[3] ?? 0), 4);
  });

  test('θ may be kept as it is given', () => {
    const responses = simulatedResponses(items, 400, { seed: 23, mean: 0.5, asks });
    const { latent } = calibrate(responses, { fixed: bank, latent: { kind: 'fixed', mean: 0.5, sd: 1 } });
    expect(latent).toMatchObject({ kind: 'fixed', mean: 0.5, sd: 1, standard_errors: null });
  });

  test('a histogram finds two groups where a normal density cannot', () => {
    const thetaOf = (person: number): number => (person % 2 === 0 ? -1.5 : 1.5) + 0.3 * normalOf(24, person);
    const responses = simulatedResponses(items, 700, { seed: 24, thetaOf });
    const { latent, log_likelihood } = calibrate(responses, { fixed: bank, latent: { kind: 'histogram' } });
    const shareBetween = (low: number, high: number): number =>
      latent.weights.reduce(
        (sum, w, q) => sum + ((latent.theta[q] ?? 0) > low && (latent.theta[q] ?? 0) < high ? w : 0),
        0,
      );
    expect(shareBetween(-20, 20)).toBeCloseTo(1, 10);
    expect(shareBetween(-0.6, 0.6)).toBeLessThan(0.12);
    expect(log_likelihood).toBeGreaterThan(calibrate(responses, { fixed: bank }).log_likelihood + 5);
  });
});

describe('gates before a person publishes', () => {
  test('each gate is shown with what was found and what it takes', () => {
    const calibration = calibrate(dichotomousSet('LSAT6').responses);
    const fit = [
      { item: 2, statistic: 20, df: 2, p: 0.00005 },
      { item: 3, statistic: 0, df: 0, p: Number.NaN },
    ];
    const dif = [
      { item: 1, class: 'C' as const },
      { item: 3, class: null },
    ];
    const gates = calibrationGates(calibration, { fit, dif });
    const failed = gates.map(({ gates: all }) => all.filter(({ passed }) => !passed).map(({ gate }) => gate));
    // LSAT6 is so easy that most difficulties are known badly
    expect(failed).toEqual([['se_b'], ['se_b', 'dif'], ['fit'], ['se_b'], ['se_b']]);
    expect(gates[1]?.gates.find(({ gate }) => gate === 'dif')).toEqual({
      gate: 'dif',
      passed: false,
      value: 'C',
      limit: 'C',
    });
    expect(gates[3]?.gates.find(({ gate }) => gate === 'fit')).toMatchObject({ passed: true, value: null });
  });

  test('299 answers are too few, 300 are enough', () => {
    const items: ItemParameters[] = [-0.5, 0, 0.5].map((b) => ({ model: '2PL', a: 2, b }));
    const gateOf = (persons: number) =>
      calibrationGates(calibrate(simulatedResponses(items, persons, { seed: 3 })))[0]?.gates.find(
        ({ gate }) => gate === 'answers',
      );
    expect(gateOf(299)).toEqual({ gate: 'answers', passed: false, value: 299, limit: 300 });
    expect(gateOf(300)).toMatchObject({ passed: true });
  });
});
