import { expect, test } from 'vitest';
import { environmentModel, flatten, flattenedSize, sizeOf } from '#shared/domain/rl/index.ts';

const flat = (id: string, value: readonly number[]): number[] => {
  const { observationSpace } = environmentModel(id);
  const target = new Float64Array(flattenedSize(observationSpace) + 2).fill(7);
  flatten(observationSpace, Float64Array.of(9, ...value), 1, target, 1);
  expect([target[0], target.at(-1)]).toEqual([7, 7]); // nothing beside it is touched
  return [...target.subarray(1, -1)];
};

test('a Discrete flattens to one-hot, a Tuple to its one-hots, a Box to itself', () => {
  expect(flat('FrozenLake-v1', [5])).toEqual(Array.from({ length: 16 }, (_, i) => Number(i === 5)));
  const blackjack = flat('Blackjack-v1', [21, 10, 1]);
  expect(blackjack).toHaveLength(32 + 11 + 2);
  expect(blackjack.flatMap((x, i) => (x === 1 ? [i] : []))).toEqual([21, 32 + 10, 32 + 11 + 1]);
  expect(flat('Pendulum-v1', [0.5, -0.25, 8])).toEqual([0.5, -0.25, 8]);
});

test('what was there before is overwritten', () => {
  const { observationSpace } = environmentModel('Taxi-v4');
  const target = new Float32Array(500);
  for (const state of [3, 499, 0]) flatten(observationSpace, Float64Array.of(state), 0, target, 0);
  expect(target[0]).toBe(1);
  expect(target.reduce((sum, x) => sum + x, 0)).toBe(1);
});

test('the spaces are those of Gymnasium, their bounds float32', () => {
  const spacesOf = (id: string) => {
    const { observationSpace, actionSpace } = environmentModel(id);
    return [observationSpace, actionSpace];
  };
  const speed = Math.fround(0.07);
  const car = { kind: 'box', low: [Math.fround(-1.2), -speed], high: [Math.fround(0.6), speed] };
  const wide = Math.fround(4.8);
  const lean = Math.fround((24 * 2 * Math.PI) / 360);
  const infinite = Number.POSITIVE_INFINITY;
  expect(spacesOf('CartPole-v1')).toEqual([
    { kind: 'box', low: [-wide, -infinite, -lean, -infinite], high: [wide, infinite, lean, infinite] },
    { kind: 'discrete', n: 2 },
  ]);
  const spin = [Math.fround(4 * Math.PI), Math.fround(9 * Math.PI)];
  expect(spacesOf('Acrobot-v1')).toEqual([
    { kind: 'box', low: [-1, -1, -1, -1, ...spin.map((x) => -x)], high: [1, 1, 1, 1, ...spin] },
    { kind: 'discrete', n: 3 },
  ]);
  expect(spacesOf('MountainCar-v0')).toEqual([car, { kind: 'discrete', n: 3 }]);
  expect(spacesOf('MountainCarContinuous-v0')).toEqual([car, { kind: 'box', low: [-1], high: [1] }]);
  expect(spacesOf('Pendulum-v1')).toEqual([
    { kind: 'box', low: [-1, -1, -8], high: [1, 1, 8] },
    { kind: 'box', low: [-2], high: [2] },
  ]);
  expect(sizeOf(environmentModel('Blackjack-v1').observationSpace)).toBe(3);
});
