export interface Summit {
  readonly theta: number;
  /** Whether the summit is an end of the interval. */
  readonly at_bound: boolean;
}

/** A function of which heights cost more than slopes. */
export interface Ridge {
  readonly slope: (theta: number) => number;
  /** How far to the right of the θ for which the slope was asked last, and was `slope`, it is sure to keep its sign. */
  readonly reach: (slope: number) => number;
}

/** Below this difference two heights, or two distances from 0, are equal: rounding makes less of one. */
const EQUAL = 1e-10;

/**
 * The highest of all maxima on [lower, upper]; `height` is asked for only where there are several. A likelihood under
 * 3PL may have several maxima (Samejima 1973), so that climbing from one start is not enough. Of equally high ones the
 * nearest to 0, so that a mirrored pattern has the mirrored estimate; of two as near the lower.
 */
export function highestSummit(
  ridge: Ridge,
  height: (theta: number) => number,
  [lower, upper]: readonly [number, number],
  steps: number,
): Summit {
  const [first = lower, ...others] = summitsOf(ridge, lower, upper, steps);
  let best = first;
  let most = others.length === 0 ? 0 : height(first);
  for (const theta of others) {
    const value = height(theta);
    const nearer = Math.abs(theta) < Math.abs(best) - EQUAL;
    if (value > most + EQUAL || (nearer && value > most - EQUAL)) [best, most] = [theta, value];
  }
  return { theta: best, at_bound: best === lower || best === upper };
}

/**
 * All maxima on [lower, upper] from left to right: where the slope's sign changes within one of `steps` intervals, to
 * the last digits. The ends between which the slope is sure to keep its sign are not visited.
 */
export function summitsOf({ slope, reach }: Ridge, lower: number, upper: number, steps: number): number[] {
  const place = (k: number) => (k === steps ? upper : lower + ((upper - lower) * k) / steps);
  const summits: number[] = [];
  let k = 0;
  let left = slope(lower);
  if (left <= 0) summits.push(lower);
  while (k < steps) {
    // a hundredth less, so that rounding cannot have changed the sign at the points that are passed over
    const sure = Math.floor((0.99 * steps * reach(left)) / (upper - lower));
    const next = sure > 1 ? Math.min(steps, k + sure) : k + 1;
    const right = slope(place(next));
    if (left > 0 && right <= 0) summits.push(rootOfSlope(slope, place(k), place(next), left, right));
    left = right;
    k = next;
  }
  if (left > 0) summits.push(upper);
  return summits;
}

/**
 * Where a slope that is positive at `from` and not at `to` vanishes: regula falsi with Anderson & Björck's weights (1973),
 * which bisects whenever three turns have not halved the interval.
 */
function rootOfSlope(
  f: (theta: number) => number,
  from: number,
  to: number,
  slopeFrom: number,
  slopeTo: number,
): number {
  let [a, b, fa, fb] = [from, to, slopeFrom, slopeTo];
  let width = b - a;
  for (let turn = 1; turn <= 200; turn++) {
    if (fb === 0) return b;
    let x = (a * fb - b * fa) / (fb - fa);
    if (turn % 3 === 0) {
      if (b - a > width / 2) x = (a + b) / 2;
      width = b - a;
    }
    if (!(x > a && x < b)) x = (a + b) / 2;
    if (x <= a || x >= b) return x;
    const fx = f(x);
    if (fx === 0) return x;
    if (fx > 0) {
      fb *= shrink(fx, fa);
      [a, fa] = [x, fx];
    } else {
      fa *= shrink(fx, fb);
      [b, fb] = [x, fx];
    }
    if (b - a < 1e-14 * Math.max(1, Math.abs(x))) return x;
  }
  return (a + b) / 2;
}

/** Weight of the end that stays, after the other moved from a point with `before` to one with `now`. */
function shrink(now: number, before: number): number {
  const m = 1 - now / before;
  return m > 0 ? m : 0.5;
}
