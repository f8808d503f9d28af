/** Of the standard normal distribution, both tails together 5 %. */
const normalQuantile = 1.959963984540054;
const tails = 0.05;

/**
 * The 97.5 % quantile of Student's t: half the width of a 95 % confidence interval in standard errors (Hill 1970,
 * "Algorithm 396: Student's t-quantiles"; exact for 1 and 2 degrees of freedom, six digits beyond).
 * @param n degrees of freedom, at least 1
 */
export function studentT95(n: number): number {
  if (!(n >= 1)) throw new RangeError(`there are no ${n} degrees of freedom`);
  if (n === 1) return 1 / Math.tan((tails * Math.PI) / 2);
  if (n === 2) return Math.sqrt(2 / (tails * (2 - tails)) - 2);
  const a = 1 / (n - 0.5);
  const b = 48 / (a * a);
  let c = ((20_700 * a) / b - 98) * a - 16;
  c = c * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * n;
  let y = (d * tails) ** (2 / n);
  if (y > 0.05 + a) {
    const x = -normalQuantile;
    y = x * x;
    if (n < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c;
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
    y = Math.expm1(a * y * y);
  } else {
    y =
      ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) *
        ((n + 1) / (n + 2)) +
      1 / y;
  }
  return Math.sqrt(n * y);
}

/** Mean, standard deviation of the sample (n − 1), and the mean's 95 % confidence interval. */
export interface Estimate {
  readonly mean: number;
  readonly std: number;
  readonly ci95: readonly [number, number];
}

/** @throws RangeError for fewer than two values */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  if (n < 2) throw new RangeError('an interval needs at least two values');
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const std = Math.sqrt(squares / (n - 1));
  const half = (studentT95(n - 1) * std) / Math.sqrt(n);
  return { mean, std, ci95: [mean - half, mean + half] };
}
