/** An attempt as the student's standing keeps it. */
export interface Try {
  readonly status: 'in_progress' | 'submitted' | 'expired';
  readonly percent: number | null;
}

/**
 * The percent that counts of a student's attempts, in their order; null before one has ended.
 *
 * `average` is the mean of the finished ones, to two decimals.
 */
export function countedPercent(
  tries: readonly Try[],
  counts: 'best' | 'last' | 'first' | 'average',
): number | null {
  const finished = tries.flatMap(({ status, percent }) =>
    status === 'in_progress' || percent === null ? [] : [percent],
  );
  const first = finished[0];
  const last = finished.at(-1);
  if (first === undefined || last === undefined) return null;
  if (counts === 'first') return first;
  if (counts === 'last') return last;
  if (counts === 'best') return Math.max(...finished);
  const mean = finished.reduce((sum, percent) => sum + percent, 0) / finished.length;
  return Math.round(mean * 100) / 100;
}
