import { describe, expect, it } from 'vitest';
import { numericAxis, ordinalAxis, roundNumbers } from '#functions/console/pages/trainings/charts/axis.ts';

describe('an axis of numbers', () => {
  it('has the smallest at one end and the largest at the other, and leaves room for both', () => {
    const { at } = numericAxis([20, 500, 100], { margin: 0.1, mostTicks: 5 });
    expect(at(20)).toBeCloseTo(0.1);
    expect(at(500)).toBeCloseTo(0.9);
    expect(at(260)).toBeCloseTo(0.5);
  });

  it('is written at round numbers within it', () => {
    const { ticks } = numericAxis([-190, -80], { margin: 0, mostTicks: 5 });
    expect(ticks.map(({ value }) => value)).toEqual([-150, -100]);
    expect(roundNumbers(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('on a logarithmic scale has a power of ten as far from the next as that from the one after', () => {
    const { at, ticks } = numericAxis([0.00005, 0.02], { isLog: true, margin: 0, mostTicks: 5 });
    expect(ticks.map(({ value }) => value)).toEqual([0.0001, 0.001, 0.01]);
    expect(at(0.001) - at(0.0001)).toBeCloseTo(at(0.01) - at(0.001));
  });

  it('of a single number has it in the middle', () => {
    const { at, ticks } = numericAxis([7, 7], { margin: 0.1, mostTicks: 5 });
    expect(at(7)).toBe(0.5);
    expect(ticks).toEqual([{ at: 0.5, value: 7 }]);
  });
});

it('values that are no numbers lie side by side, and of many only some are written', () => {
  const { at, ticks } = ordinalAxis(['relu', 'tanh'], 8);
  expect([at('relu'), at('tanh')]).toEqual([0.25, 0.75]);
  expect(ticks).toHaveLength(2);
  const many = ordinalAxis([...Array(30).keys()], 8);
  expect(many.ticks.length).toBeLessThanOrEqual(8);
  expect(many.at(29)).toBeCloseTo(29.5 / 30);
});
