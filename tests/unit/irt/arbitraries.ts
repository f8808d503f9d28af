import fc from 'fast-check';
import { type Bank, createBank, type ItemParameters } from '#shared/domain/irt/index.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const slope = between(0.2, 4);
const place = between(-4, 4);

/** Thresholds a tenth and more apart. */
const rising = fc.tuple(place, fc.array(between(0.1, 2), { maxLength: 5 })).map(([first, gaps]) => {
  const thresholds = [first];
  for (const gap of gaps) thresholds.push((thresholds.at(-1) ?? 0) + gap);
  return thresholds;
});

export const dichotomousItem: fc.Arbitrary<ItemParameters> = fc.oneof(
  fc.record({ model: fc.constant('1PL' as const), b: place }),
  fc.record({ model: fc.constant('2PL' as const), a: slope, b: place }),
  fc.record({ model: fc.constant('3PL' as const), a: slope, b: place, c: between(0.01, 0.4) }),
  fc.record({
    model: fc.constant('4PL' as const),
    a: slope,
    b: place,
    c: between(0, 0.4),
    d: between(0.7, 0.99),
  }),
);

export const polytomousItem: fc.Arbitrary<ItemParameters> = fc.oneof(
  fc.record({ model: fc.constant('GRM' as const), a: slope, thresholds: rising }),
  fc.record({
    model: fc.constant('GPCM' as const),
    a: slope,
    thresholds: fc.array(place, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({
    model: fc.constant('PCM' as const),
    thresholds: fc.array(place, { minLength: 1, maxLength: 5 }),
  }),
);

export const anyItem = fc.oneof(dichotomousItem, polytomousItem);

const D = fc.constantFrom(1, 1.702);

export const bankOf = (item: fc.Arbitrary<ItemParameters>, most = 12): fc.Arbitrary<Bank> =>
  fc
    .tuple(fc.array(item, { minLength: 1, maxLength: most }), D)
    .map(([items, scale]) => createBank(items, { D: scale }));

export const ability = between(-5, 5);

/** A bank and a response to each of its items. */
export const answered = (item: fc.Arbitrary<ItemParameters>, most?: number) =>
  bankOf(item, most).chain((bank) =>
    fc
      .tuple(...Array.from(bank.categories, (categories) => fc.integer({ min: 0, max: categories - 1 })))
      .map((responses) => ({ bank, responses })),
  );
