import type { ExamSession } from '#shared/contracts/exam-sessions.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';

export interface Shown {
  readonly band: NonNullable<ExamSession['band']>;
  /** Null where only the band is shown. */
  readonly score: number | null;
}

const lowest = 200;
const highest = 800;
const width = 640;
const base = 132;
const x = (score: number): number =>
  20 + ((Math.min(highest, Math.max(lowest, score)) - lowest) / (highest - lowest)) * (width - 40);
const ticks = [200, 300, 400, 500, 600, 700, 800];

/** A number line with where the true score probably lies: a bell over it, its likely part filled. */
export function ScorePicture({ band, score }: Shown) {
  const middle = score ?? (band.low + band.high) / 2;
  const sd = Math.max(8, (band.high - band.low) / (2 * 1.96));
  return (
    <svg
      class="score-picture"
      viewBox={`0 -14 ${width} 186`}
      role="img"
      aria-label={describe({ band, score })}
    >
      {score !== null && <path class="bell" d={bell(middle, sd, lowest, highest)} />}
      {score === null ? (
        <rect
          class="likely"
          x={x(band.low)}
          y={base - 26}
          width={x(band.high) - x(band.low)}
          height={26}
          rx={5}
        />
      ) : (
        <path class="likely" d={`${bell(middle, sd, band.low, band.high)}V${base}H${x(band.low)}Z`} />
      )}
      <path class="axis" d={`M${x(lowest)} ${base}H${x(highest)}`} />
      <path class="average" d={`M${x(500)} ${base - 112}V${base}`} />
      {ticks.map((tick) => (
        <g key={tick}>
          <path class="axis" d={`M${x(tick)} ${base}v5`} />
          <text x={x(tick)} y={base + 28}>
            {number(tick)}
          </text>
        </g>
      ))}
      <text class="average-name" x={x(500)} y={10}>
        {t('score.average')}
      </text>
      {score !== null && <circle class="mark" cx={x(score)} cy={base} r={6.5} />}
    </svg>
  );
}

/** From `low` to `high` the density of a normal distribution, its top at a fixed height. */
function bell(mean: number, sd: number, low: number, high: number): string {
  const from = Math.max(lowest, low);
  const to = Math.min(highest, high);
  const steps = 60;
  const points = Array.from({ length: steps + 1 }, (_, step) => {
    const score = from + ((to - from) * step) / steps;
    const height = 92 * Math.exp(-0.5 * ((score - mean) / sd) ** 2);
    return `${x(score).toFixed(1)} ${(base - height).toFixed(1)}`;
  });
  return `M${x(from)} ${base}L${points.join('L')}`;
}

const describe = ({ band, score }: Shown): string => {
  const ends = { low: number(band.low), high: number(band.high) };
  return score === null
    ? t('score.pictureBand', ends)
    : t('score.picture', { ...ends, score: number(score) });
};
