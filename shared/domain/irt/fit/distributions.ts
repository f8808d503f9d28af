import { logGamma } from '../calibrate/priors.ts';

/**
 * Upper tail of the gamma distribution, Q(s, x) = Γ(s, x)/Γ(s): the series of P for x < s + 1, else Lentz's continued
 * fraction (Press et al., Numerical Recipes, 6.2). Relative error below 1e-12.
 */
function upperGamma(s: number, x: number): number {
  if (!(x > 0)) return x <= 0 ? 1 : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const front = Math.exp(s * Math.log(x) - x - logGamma(s));
  if (x < s + 1) {
    let term = 1 / s;
    let sum = term;
    for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
      term *= x / (s + n);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  let b = x + 1 - s;
  let c = Number.MAX_VALUE;
  let d = 1 / b;
  let h = d;
  for (let n = 1; n < 10_000; n++) {
    const a = -n * (n - s);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * h;
}

/**
 * P(χ² > x) with `df` degrees of freedom.
 * @throws RangeError for degrees of freedom that are not positive
 */
export function chiSquareUpper(x: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`χ² has no ${df} degrees of freedom`);
  return upperGamma(df / 2, x / 2);
}

/** P(|Z| > |z|) of the standard normal distribution. */
export const normalTwoSided = (z: number): number => upperGamma(0.5, (z * z) / 2);
