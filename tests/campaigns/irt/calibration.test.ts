import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CalibratedModel,
  calibrate,
  createBank,
  difLogistic,
  difMantelHaenszel,
  estimateMle,
  type ItemParameters,
  itemFitPredictive,
  itemFitSX2,
  normalOf,
  personFit,
  responsesOf,
  uniformOf,
} from '#shared/domain/irt/index.ts';
import {
  directLogLikelihood,
  flatten,
  parametersIn,
  simulatedResponses,
  slopes,
  unflatten,
} from '#tests/unit/irt/direct-likelihood.ts';

function items(model: CalibratedModel, count: number, seed: number): ItemParameters[] {
  return Array.from({ length: count }, (_, i): ItemParameters => {
    const a = model === '1PL' ? 1.2 : Math.exp(0.15 + 0.2 * normalOf(seed, 1, i));
    const b = 0.9 * normalOf(seed, 2, i);
    if (model === 'GRM' || model === 'GPCM') return { model, a, thresholds: [b - 0.9, b, b + 0.8] };
    return model === '3PL' ? { model, a, b, c: 0.2 } : { model, a, b };
  });
}

describe('parameters of simulated persons are recovered, and 95 % intervals hold what they promise', () => {
  test.each([
    { model: '1PL', persons: 500, runs: 20 },
    { model: '2PL', persons: 1000, runs: 20 },
    { model: 'GRM', persons: 1000, runs: 8 },
    { model: 'GPCM', persons: 1000, runs: 8 },
  ] as const)('$model', ({ model, persons, runs }) => {
    let [covered, all, bias] = [0, 0, 0];
    for (let run = 0; run < runs; run++) {
      const truth = items(model, 20, 100 + run);
      const calibration = calibrate(simulatedResponses(truth, persons, { seed: 1000 + 2 * run }), { model });
      expect(calibration.report.converged).toBe(true);
      calibration.items.forEach(({ parameters, standard_errors: errors }, i) => {
        const [estimates, true_] = [flatten([parameters]), flatten(truth.slice(i, i + 1))];
        const se =
          errors === null
            ? []
            : [errors.a, ...(errors.thresholds.length > 0 ? errors.thresholds : [errors.b])];
        estimates.forEach((estimate, k) => {
          // the one slope of 1PL counts once
          if (model === '1PL' && i > 0 && k === 0) return;
          const away = estimate - (true_[k] ?? Number.NaN);
          bias += away;
          all++;
          if (Math.abs(away) < 1.96 * (se[k] ?? 0)) covered++;
        });
      });
    }
    // estimates of one calibration share their persons: more spread than of independent ones
    expect(covered / all).toBeGreaterThan(0.92);
    expect(covered / all).toBeLessThan(0.98);
    expect(Math.abs(bias / all)).toBeLessThan(0.03);
  });

  test('3PL with its prior: curves within a few hundredths', () => {
    const truth = items('3PL', 20, 5);
    const calibration = calibrate(simulatedResponses(truth, 3000, { seed: 6 }), { model: '3PL' });
    const [before, after] = [createBank(truth), createBank(parametersIn(calibration))];
    let squares = 0;
    for (let theta = -2; theta <= 2; theta += 0.5)
      for (let i = 0; i < 20; i++) {
        const curve = (bank: typeof before) =>
          (bank.c[i] ?? 0) +
          (1 - (bank.c[i] ?? 0)) / (1 + Math.exp(-(bank.a[i] ?? 0) * (theta - (bank.b[i] ?? 0))));
        squares += (curve(before) - curve(after)) ** 2 / 180;
      }
    expect(Math.sqrt(squares)).toBeLessThan(0.02);
  });

  test('pilots in an adaptive test, each seen by 500 of 3,000 abler persons', () => {
    const truth = items('2PL', 120, 7);
    const fixed = truth.map((item, i) => (i < 100 ? item : null));
    const asks = (person: number, item: number): boolean =>
      uniformOf(8, person, item) < (item < 100 ? 0.25 : 1 / 6);
    const responses = simulatedResponses(truth, 3000, { seed: 9, mean: 0.7, sd: 0.9, asks });
    const { items: found, latent } = calibrate(responses, { fixed });
    expect(Math.abs(latent.mean - 0.7)).toBeLessThan(0.06);
    expect(Math.abs(latent.sd - 0.9)).toBeLessThan(0.05);
    let covered = 0;
    found.slice(100).forEach(({ parameters, standard_errors: errors }, i) => {
      const [a = 0, b = 0] = flatten([parameters]);
      const [trueA = 0, trueB = 0] = flatten(truth.slice(100 + i, 101 + i));
      if (Math.abs(a - trueA) < 1.96 * (errors?.a ?? 0)) covered++;
      if (Math.abs(b - trueB) < 1.96 * (errors?.b ?? 0)) covered++;
    });
    expect(covered).toBeGreaterThanOrEqual(34);
  });
});

describe('tests of the model that holds are wrong about as often as they say', () => {
  const shares = { sX2: 0, predictive: 0, mantel: 0, logistic: 0, lz: 0, lzStar: 0 };
  let [fits, persons] = [0, 0];
  beforeAll(() => {
    for (let run = 0; run < 12; run++) {
      const truth = items('2PL', 20, 300 + run);
      const responses = simulatedResponses(truth, 800, { seed: 400 + 2 * run });
      const calibration = calibrate(responses);
      const bank = createBank(parametersIn(calibration));
      const focal = Array.from({ length: 800 }, (_, r) => r % 2);
      const below = (found: readonly { p: number }[]) => found.filter(({ p }) => p < 0.05).length;
      fits += 20;
      shares.sX2 += below(itemFitSX2(bank, responses));
      shares.predictive += below(itemFitPredictive(bank, responses));
      shares.mantel += below(difMantelHaenszel(responses, focal));
      shares.logistic += below(difLogistic(responses, focal).map(({ both }) => both));
      for (let r = 0; r < 200; r++) {
        const answers = {
          items: Array.from(truth.keys()),
          responses: responses.data.subarray(20 * r, 20 * r + 20),
        };
        const { theta, at_bound } = estimateMle(bank, answers);
        if (at_bound) continue;
        const { lz, lz_star } = personFit(bank, answers, theta, { estimator: 'MLE' });
        persons++;
        if (lz < -1.645) shares.lz++;
        if ((lz_star ?? 0) < -1.645) shares.lzStar++;
      }
    }
  });

  test.each(['sX2', 'predictive', 'mantel', 'logistic'] as const)('%s at 5 %', (name) => {
    expect(shares[name] / fits).toBeGreaterThan(0.01);
    expect(shares[name] / fits).toBeLessThan(0.1);
  });

  test('lz* is nearer to 5 % than lz, which an estimated θ makes too kind', () => {
    const [plain, star] = [shares.lz / persons, shares.lzStar / persons];
    expect(plain).toBeLessThan(star);
    expect(Math.abs(star - 0.05)).toBeLessThan(Math.abs(plain - 0.05));
    expect(star).toBeGreaterThan(0.02);
    expect(star).toBeLessThan(0.08);
  });
});

describe('whatever the answers are', () => {
  const table = fc
    .record({
      width: fc.integer({ min: 1, max: 6 }),
      height: fc.integer({ min: 1, max: 40 }),
      highest: fc.constantFrom(1, 1, 2, 3),
      seed: fc.nat(),
      missing: fc.constantFrom(0, 0.2, 0.6),
      structure: fc.double({ min: 0, max: 3, noNaN: true }),
    })
    .map(({ width, height, highest, seed, missing, structure }) =>
      Array.from({ length: height }, (_, person) =>
        Array.from({ length: width }, (__, item) => {
          if (uniformOf(seed, person, 100 + item) < missing) return null;
          const level = structure * normalOf(seed, person, 200) + normalOf(seed, person, item);
          return Math.max(0, Math.min(highest, Math.round(level + highest / 2)));
        }),
      ),
    );
  const model = fc.constantFrom<CalibratedModel>('1PL', '2PL', '3PL', 'GRM', 'GPCM');

  test('a calibration is refused, or finite; and where it says converged, the objective is level', () => {
    let judged = 0;
    fc.assert(
      fc.property(table, model, (rows, name) => {
        const responses = responsesOf(rows);
        let calibration: ReturnType<typeof calibrate>;
        try {
          calibration = calibrate(responses, { model: name, max_cycles: 300 });
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        const found = parametersIn(calibration);
        for (const value of flatten(found)) expect(Number.isFinite(value)).toBe(true);
        expect(Number.isFinite(calibration.log_likelihood)).toBe(true);
        const { converged, held } = calibration.report;
        const usable = found.every(({ a = 0 }) => a > 0.05 && a < 8) && name !== '1PL' && name !== '3PL';
        if (!converged || held.length > 0 || !usable) return;
        judged++;
        const direct = (values: readonly number[]) =>
          directLogLikelihood(createBank(unflatten(found, values)), responses);
        expect(direct(flatten(found))).toBeCloseTo(calibration.log_likelihood, 4);
        for (const slope of slopes(direct, flatten(found), 1e-5)) expect(Math.abs(slope)).toBeLessThan(1e-2);
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(judged).toBeGreaterThan(20);
  });
});
