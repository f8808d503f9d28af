/** e^x at every multiple of 1/64 from −170 to 170. */
const table = Float64Array.from({ length: 2 * 10880 + 1 }, (_, n) => Math.exp((n - 10880) / 64));

/**
 * e^x with a relative error below 1e-15: the table's nearest entry times e^r, |r| <= 1/128, by Taylor's series to r^5
 * (after Tang 1989). Arguments beyond ±170 count as ±170: of e^x there only the order is needed, and its square must be
 * finite. Unlike Math.exp this is compiled into the loop that asks for it, which halves the loop's time; so do numbers
 * that stand here instead of having names outside.
 */
export function exponential(x: number): number {
  const near = Math.min(170, Math.max(-170, x));
  // a small number that is added to 1.5 · 2^52 is rounded to an integer
  const nearest = near * 64 + 6755399441055744 - 6755399441055744;
  const r = near - nearest * (1 / 64);
  const square = r * r;
  const series = 1 + r + square * (1 / 2 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120)));
  return (table[(nearest | 0) + 10880] ?? 0) * series;
}

/** ln x and 1/x at every multiple of 1/1024 up to 1. */
const logarithms = Float64Array.from({ length: 1025 }, (_, n) => Math.log(n / 1024));
const inverses = Float64Array.from({ length: 1025 }, (_, n) => 1024 / n);

/**
 * ln x of a probability with an absolute error below 1e-15, in the way of `exponential`: from 1/16 on the table's nearest
 * entry plus ln(1 + u), |u| <= 1/128, by its series to u^6; below that Math.log.
 */
export function logarithm(x: number): number {
  if (x < 0.0625) return Math.log(Math.max(x, Number.MIN_VALUE));
  const nearest = (x * 1024 + 0.5) | 0;
  const u = (x - nearest * (1 / 1024)) * (inverses[nearest] ?? 0);
  const square = u * u;
  const series = u - square * (1 / 2 - u * (1 / 3) + square * (1 / 4 - u * (1 / 5) + square * (1 / 6)));
  return (logarithms[nearest] ?? 0) + series;
}
