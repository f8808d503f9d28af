import type { ItemStats } from '#shared/contracts/exam-statistics.ts';
import { testing } from '../../app/testing-api.ts';
import { useResource } from '../../data/resource.ts';
import { duration, number, t } from '../../i18n/index.ts';
import { logit } from './words.ts';

/** Beyond this an item became easier or harder than its parameters say. */
export const driftLimit = 3;

/** How an item did in tests, once enough have answered it. */
export function ItemStatistics({ item_id }: { item_id: string }) {
  const { data } = useResource(`item-stats.${item_id}`, (signal) =>
    testing.itemStatistics.getItemStats({ params: { item_id }, signal }),
  );
  if (!data || data.attempts === 0) return null;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('item.statistics')}</h2>
      </div>
      <dl class="card-body facts">
        {statisticsText(data).map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const statisticsText = (stats: ItemStats): (readonly [string, string])[] => [
  [t('stats.attempts'), number(stats.attempts)],
  [
    t('stats.p'),
    stats.p_correct === null ? '–' : t('stats.percent', { value: number(stats.p_correct * 100) }),
  ],
  [t('stats.pointBiserial'), stats.point_biserial === null ? '–' : logit(stats.point_biserial)],
  [
    t('stats.time'),
    stats.typical_response_time_ms === null ? '–' : duration(stats.typical_response_time_ms / 1000),
  ],
  [t('stats.drift'), stats.drift === null ? '–' : logit(stats.drift)],
];
