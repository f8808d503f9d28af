import {
  type CalibrationOptions,
  calibrate,
  categoryProbabilities,
  createBank,
  difLogistic,
  difMantelHaenszel,
  type ItemParameters,
  itemFitSX2,
  link,
  normalOf,
  type Responses,
  responsesOf,
  uniformOf,
} from '#shared/domain/irt/index.ts';
import { type Figure, median } from './measure.ts';

/**
 * Calibration on simulated answers, with standard errors unless it says otherwise: milliseconds, medians of seven runs
 * after two. For comparison, measured in one run on another machine: 2PL of 1,000 × 20 mirt 430 ms, girth 670, ltm 910.
 */
export async function benchmark(): Promise<Figure[]> {
  const twenty = items(20, '2PL');
  const thousand = answers(twenty, 1000);
  const groups = Array.from({ length: 1000 }, (_, person) => person % 2);
  const bank = items(300, '2PL');
  // an adaptive test's sparse answers: each person has 25 of 300 items
  const sparse = answers(bank, 2000, (person, item) => uniformOf(9, person, item) < 1 / 12);
  const fixed = bank.map((item, i) => (i < 280 ? item : null));
  const calibrated = (name: string, responses: Responses, options: CalibrationOptions, target?: number) =>
    figure(name, () => calibrate(responses, options), target);
  return [
    calibrated('2PL of 1,000 × 20', thousand, {}, 100),
    calibrated('2PL of 1,000 × 20, tight', thousand, { mode: 'tight' }),
    calibrated('2PL of 1,000 × 20, no standard errors', thousand, { standard_errors: false }, 100),
    calibrated('1PL of 1,000 × 20', thousand, { model: '1PL' }, 100),
    calibrated('3PL of 2,000 × 20', answers(items(20, '3PL'), 2000), { model: '3PL' }),
    calibrated('GRM of 1,000 × 20, four categories', answers(items(20, 'GRM'), 1000), { model: 'GRM' }),
    calibrated('GPCM of 1,000 × 20, four categories', answers(items(20, 'GPCM'), 1000), { model: 'GPCM' }),
    calibrated('20 pilots beside 280 fixed items, 2,000 × 25', sparse, { fixed }),
    figure('S-X² of 20 items, 1,000 persons', () => itemFitSX2(createBank(twenty), thousand)),
    figure('Mantel–Haenszel of 20 items, 1,000 persons', () => difMantelHaenszel(thousand, groups)),
    figure('logistic DIF of 20 items, 1,000 persons', () => difLogistic(thousand, groups)),
    figure('Stocking–Lord over 20 items', () => link(twenty, items(20, '2PL', 2), 'stocking_lord')),
  ];
}

function figure(name: string, work: () => unknown, target?: number): Figure {
  const times = Array.from({ length: 9 }, () => {
    const startedAt = performance.now();
    work();
    return performance.now() - startedAt;
  });
  return { name, value: median(times.slice(2)), unit: 'ms', ...(target === undefined ? {} : { target }) };
}

function items(count: number, model: '2PL' | '3PL' | 'GRM' | 'GPCM', seed = 1): ItemParameters[] {
  return Array.from({ length: count }, (_, i): ItemParameters => {
    const a = Math.exp(0.1 + 0.25 * normalOf(seed, 1, i));
    const b = normalOf(seed, 2, i);
    if (model === '2PL') return { model, a, b };
    return model === '3PL' ? { model, a, b, c: 0.2 } : { model, a, thresholds: [b - 1, b, b + 1] };
  });
}

function answers(
  parameters: readonly ItemParameters[],
  persons: number,
  asks: (person: number, item: number) => boolean = () => true,
): Responses {
  const bank = createBank(parameters);
  return responsesOf(
    Array.from({ length: persons }, (_, person) =>
      parameters.map((__, item) => {
        if (!asks(person, item)) return null;
        let left = uniformOf(3, person, item);
        const probabilities = categoryProbabilities(bank, item, normalOf(4, person));
        for (let k = 0; k < probabilities.length - 1; k++) {
          left -= probabilities[k] ?? 0;
          if (left < 0) return k;
        }
        return probabilities.length - 1;
      }),
    ),
  );
}
