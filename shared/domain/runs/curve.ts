/** A point of a training's curves; `step` is always a number. */
export type CurvePoint = Readonly<Record<string, number | null>>;

const stepOf = (point: CurvePoint): number => point['step'] ?? 0;
const rewardOf = (point: CurvePoint): number | null => point['episode_reward'] ?? null;

/**
 * At most `most` of the points (at least 3): the last one always, and of every stretch of equally many steps the
 * lowest and the highest reward, so that no peak is lost.
 */
export function thinned(points: readonly CurvePoint[], most: number): CurvePoint[] {
  const last = points.at(-1);
  if (points.length <= most || !last) return [...points];
  const stretches = Math.max(1, Math.floor((most - 1) / 2));
  const width = stepOf(last) / stretches;
  const lowest = new Map<number, CurvePoint>();
  const highest = new Map<number, CurvePoint>();
  for (const point of points) {
    const stretch = Math.min(stretches - 1, Math.floor(stepOf(point) / width));
    if (isBeyond(point, lowest.get(stretch), -1)) lowest.set(stretch, point);
    if (isBeyond(point, highest.get(stretch), 1)) highest.set(stretch, point);
  }
  const kept = new Set([...lowest.values(), ...highest.values(), last]);
  return points.filter((point) => kept.has(point));
}

/** Whether its reward is further in a direction; one that has none is further than nothing only. */
function isBeyond(point: CurvePoint, other: CurvePoint | undefined, sign: 1 | -1): boolean {
  if (!other) return true;
  const [mine, theirs] = [rewardOf(point), rewardOf(other)];
  return mine !== null && (theirs === null || sign * mine > sign * theirs);
}

/** Points as they come are kept up to this many, then thinned to half: what is kept depends on the points alone. */
export const curveHolds = 300;

/** The curve with one point more. */
export function withPoint(curve: CurvePoint[], point: CurvePoint): CurvePoint[] {
  curve.push(point);
  return curve.length > curveHolds ? thinned(curve, curveHolds / 2) : curve;
}

/** What a curve shows at a step, on the line between its neighbours; null outside of it. */
export function valueAt(curve: readonly CurvePoint[], name: string, step: number): number | null {
  const known = curve.filter((point) => typeof point[name] === 'number');
  const after = known.findIndex((point) => stepOf(point) >= step);
  const right = known[after];
  if (!right) return null;
  const high = right[name] ?? 0;
  if (stepOf(right) === step) return high;
  const left = known[after - 1];
  if (!left) return null;
  const share = (step - stepOf(left)) / (stepOf(right) - stepOf(left));
  const low = left[name] ?? 0;
  return low + share * (high - low);
}
