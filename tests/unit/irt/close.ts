import { expect } from 'vitest';

/** Every number within `tolerance` of the expected one. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  label = '',
): void {
  expect(actual.length, label).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const away = Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? Number.NaN));
    expect(away, `${label}[${i}]: ${actual[i]}, not ${expected[i]}`).toBeLessThanOrEqual(tolerance);
  }
}
