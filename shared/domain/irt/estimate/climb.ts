/** A function's value and slope at one point. */
export interface Point {
  value: number;
  slope: number;
}

/** Fills `point` with the function at `theta`. */
export type Landscape = (theta: number, point: Point) => void;

export interface Summit {
  readonly theta: number;
  /** Whether the summit is an end of the interval. */
  readonly at_bound: boolean;
}

/**
 * The highest of all maxima on [lower, upper]: scans `steps` intervals for changes of the slope's sign, polishes each
 * and compares their values. A likelihood under 3PL may have several maxima (Samejima 1973), so that climbing from one
 * start is not enough.
 */
export function highestSummit(f: Landscape, lower: number, upper: number, steps: number): Summit {
  const left: Point = { value: 0, slope: 0 };
  const right: Point = { value: 0, slope: 0 };
  const top: Point = { value: 0, slope: 0 };
  const slope = (theta: number): number => {
    f(theta, top);
    return top.slope;
  };
  f(lower, left);
  let best = { theta: lower, at_bound: true, value: left.slope <= 0 ? left.value : Number.NEGATIVE_INFINITY };
  for (let k = 1; k <= steps; k++) {
    const from = lower + ((upper - lower) * (k - 1)) / steps;
    const to = k === steps ? upper : lower + ((upper - lower) * k) / steps;
    f(to, right);
    if (left.slope > 0 && right.slope <= 0) {
      const theta = rootOfSlope(slope, from, to, left.slope, right.slope);
      f(theta, top);
      if (top.value > best.value) best = { theta, at_bound: theta === upper, value: top.value };
    }
    left.value = right.value;
    left.slope = right.slope;
  }
  if (left.slope > 0 && left.value > best.value) return { theta: upper, at_bound: true };
  return { theta: best.theta, at_bound: best.at_bound };
}

/** A function of which heights cost more than slopes. */
export interface Ridge {
  readonly slope: (theta: number) => number;
  /** How far to the right of the θ for which the slope was asked last, and was `slope`, it is sure to keep its sign. */
  readonly reach: (slope: number) => number;
}

/**
 * All θ where `highestSummit` finds a maximum, from left to right, without asking for heights and without visiting the
 * points of its scan between which the slope is sure to keep its sign.
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
