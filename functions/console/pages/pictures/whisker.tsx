import { percent, scaleOf } from './plane.tsx';

interface WhiskerProps {
  readonly value: number;
  /** Standard error: the bar reaches as far to both sides. */
  readonly error: number | null;
  readonly low?: number;
  readonly high?: number;
  /** Says the numbers, for those who do not see the picture. */
  readonly title: string;
}

/** A value and how sure it is, on a scale that all rows of a table share. */
export function Whisker({ value, error, low = -4, high = 4, title }: WhiskerProps) {
  const { x } = scaleOf([low, high], [0, 1]);
  const at = (place: number) => Math.min(1, Math.max(0, x(place)));
  const from = at(value - (error ?? 0));
  return (
    <span class="whisker" role="img" aria-label={title} title={title}>
      <i class="whisker-zero" style={{ left: percent(at(0)) }} />
      {error !== null && (
        <i class="whisker-bar" style={{ left: percent(from), width: percent(at(value + error) - from) }} />
      )}
      <i class="whisker-dot" style={{ left: percent(at(value)) }} />
    </span>
  );
}
