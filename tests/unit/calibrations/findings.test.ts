import { describe, expect, test } from 'vitest';
import { findings } from '#functions/tasks/calibrator/findings.ts';
import { type CalibrationInput, type Candidate, Uncalibratable } from '#functions/tasks/calibrator/input.ts';
import { calibrationItem, calibrationRequest } from '#shared/contracts/calibrations.ts';
import { createBank, type ItemParameters, normalOf, type Responses } from '#shared/domain/irt/index.ts';
import { simulatedResponses } from '#tests/unit/irt/direct-likelihood.ts';

const silent = (): void => undefined;
const persons = 500;

function items(model: '1PL' | '2PL' | '3PL' | 'GRM' | 'GPCM', count: number, seed: number): ItemParameters[] {
  return Array.from({ length: count }, (_, i): ItemParameters => {
    const a = model === '1PL' ? 1.2 : Math.exp(0.2 * normalOf(seed, 1, i));
    const b = 0.9 * normalOf(seed, 2, i);
    if (model === 'GRM' || model === 'GPCM') return { model, a, thresholds: [b - 0.7, b + 0.7] };
    return model === '3PL' ? { model, a, b, c: 0.2 } : { model, a, b };
  });
}

/** What the calibrator would have read of these answers. */
function inputOf(
  { rows, items: size, data }: Responses,
  candidates: readonly Partial<Candidate>[],
  asked: Record<string, unknown>,
  D = 1,
): CalibrationInput {
  const { bank_id: _bank, items: named, ...config } = calibrationRequest.parse({ bank_id: 'bank', ...asked });
  const start = [0];
  const item: number[] = [];
  const category: number[] = [];
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < size; i++) {
      const given = data[r * size + i] ?? -1;
      if (given < 0) continue;
      item.push(i);
      category.push(given);
    }
    start.push(item.length);
  }
  return {
    config: { ...config, items: named ?? null, from: null, to: '2026-01-01T00:00:00.000Z' },
    D,
    candidates: candidates.map((one, i) => ({
      item_id: `item-${i}`,
      revision: 1,
      status: 'live',
      parameters: null,
      categories: 2,
      ...one,
    })),
    answers: {
      start: Int32Array.from(start),
      item: Int32Array.from(item),
      category: Int8Array.from(category),
    },
    groups: null,
  };
}
const categoriesOf = (truth: readonly ItemParameters[]): Candidate['categories'][] =>
  Array.from(createBank(truth).categories);

function refusedWith(input: CalibrationInput): string {
  try {
    findings(input, silent);
  } catch (error) {
    if (error instanceof Uncalibratable) return error.error_code;
    throw error;
  }
  throw new Error('it was calibrated');
}

describe('every model', () => {
  test.each(['1PL', '2PL', '3PL', 'GRM', 'GPCM'] as const)(
    '%s is estimated, judged, and a report that the contract takes',
    (model) => {
      const truth = items(model, 8, 3);
      const candidates = categoriesOf(truth).map((categories) => ({ categories }));
      const found = findings(
        inputOf(simulatedResponses(truth, persons, { seed: 4 }), candidates, { mode: 'free', model }),
        silent,
      );
      expect(found.summary).toMatchObject({ items: 8, converged: true, sessions: persons });
      for (const item of found.items) {
        expect(calibrationItem.parse(JSON.parse(JSON.stringify(item)))).toEqual(item);
        expect(item.after.model).toBe(model);
        expect(item.se?.b).toBeGreaterThan(0);
      }
      if (model === '1PL') expect(new Set(found.items.map(({ after }) => after.a)).size).toBe(1);
    },
  );

  test('in the metric of the bank: with D = 1.702 slopes are 1.702 times less', () => {
    const responses = simulatedResponses(items('1PL', 8, 3), persons, { seed: 4 });
    const slope = (D: number) =>
      findings(
        inputOf(
          responses,
          Array.from({ length: 8 }, () => ({})),
          { mode: 'free', model: '1PL' },
          D,
        ),
        silent,
      ).items[0]?.after.a ?? 0;
    // the prior is on a, and so not quite the same one
    expect(slope(1) / slope(1.702)).toBeCloseTo(1.702, 1);
  });

  test('the same answers give the same report, byte by byte', () => {
    const truth = items('2PL', 6, 5);
    const input = inputOf(
      simulatedResponses(truth, 200, { seed: 6 }),
      truth.map(() => ({})),
      { mode: 'free' },
    );
    expect(JSON.stringify(findings(input, silent))).toBe(JSON.stringify(findings(input, silent)));
  });
});

describe('what cannot be used', () => {
  test('an item whose key is wrong comes out with next to no slope, and fails', () => {
    const truth = items('2PL', 8, 7);
    const responses = simulatedResponses(truth, persons, { seed: 8 });
    for (let r = 0; r < persons; r++) responses.data[r * 8] = 1 - (responses.data[r * 8] ?? 0);
    const found = findings(
      inputOf(
        responses,
        truth.map(() => ({})),
        { mode: 'free' },
      ),
      silent,
    );
    const [wrong, ...right] = found.items;
    expect(wrong?.passed).toBe(false);
    expect(wrong?.after.a).toBeLessThan(0.3);
    expect(right.filter(({ passed }) => passed).length).toBeGreaterThanOrEqual(6);
  });

  test('nothing to calibrate, nothing to carry the scale, nothing to link by', () => {
    const truth = items('2PL', 6, 9);
    const responses = simulatedResponses(truth, 200, { seed: 10 });
    const pilots = truth.map((): Partial<Candidate> => ({ status: 'pilot' }));
    expect(
      refusedWith(
        inputOf(
          responses,
          truth.map(() => ({})),
          {},
        ),
      ),
    ).toBe('calibration.no_items');
    expect(refusedWith(inputOf(responses, pilots, {}))).toBe('calibration.no_scale');
    const link = { method: 'mean_sigma' };
    expect(refusedWith(inputOf(responses, pilots, { mode: 'free', link }))).toBe('calibration.no_anchors');
  });

  test('an empty category in the middle leaves the item out', () => {
    const truth = items('GRM', 4, 11);
    const responses = simulatedResponses(truth, 300, { seed: 12 });
    for (let r = 0; r < 300; r++) if (responses.data[r * 4] === 1) responses.data[r * 4] = 2;
    const candidates = truth.map(() => ({ categories: 3 }));
    const found = findings(inputOf(responses, candidates, { mode: 'free', model: 'GRM' }), silent);
    expect(found.left_out).toEqual([{ item_id: 'item-0', reason: 'empty_category', answers: 300 }]);
    expect(found.items).toHaveLength(3);
  });
});
