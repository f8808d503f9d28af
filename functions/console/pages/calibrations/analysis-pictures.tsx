import type { Item } from '#shared/contracts/items.ts';
import { number, t } from '../../i18n/index.ts';
import { abilities, informationOf } from '../item-banks/curve-points.ts';
import { titleOfItem } from '../item-banks/title-of-item.ts';
import { difficultyOf, logit, tick } from '../item-banks/words.ts';
import { BarChart } from '../pictures/bar-chart.tsx';
import { LineChart } from '../pictures/line-chart.tsx';
import type { AnalysedItem } from './analysis.tsx';

/** What the live items measure together, and where they are. */
export function BankPictures({ items, D }: { items: readonly Item[]; D: number }) {
  const live = items.flatMap(({ status, parameters }) =>
    status === 'live' && parameters ? [parameters] : [],
  );
  const information = informationOf(live, D);
  const theta = t('picture.theta');
  if (!information) return null;
  return (
    <div class="pictures">
      <LineChart
        title={t('analysis.bankInformation')}
        note={t('analysis.bankInformationNote')}
        xLabel={theta}
        yLabel={t('analysis.information')}
        x={abilities}
        xText={tick}
        yText={(value) => number(value, 1)}
        y={[0, Math.max(...information.map(([, value]) => value)) * 1.1]}
        curves={[{ key: 'information', label: t('analysis.liveItems'), points: information, colour: 0 }]}
      />
      <Difficulties difficulties={live.map(difficultyOf)} />
    </div>
  );
}

const step = 0.5;

function Difficulties({ difficulties }: { difficulties: readonly number[] }) {
  const [low, high] = abilities;
  const edges = Array.from({ length: (high - low) / step }, (_, index) => low + index * step);
  const last = edges.length - 1;
  const counts = edges.map(() => 0);
  for (const b of difficulties) {
    const at = Math.min(last, Math.max(0, Math.floor((b - low) / step)));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return (
    <BarChart
      title={t('analysis.difficulties')}
      note={t('analysis.difficultiesNote')}
      xLabel={t('items.difficulty')}
      yLabel={t('analysis.items')}
      yText={(value) => number(value)}
      bars={edges.map((edge, at) => ({
        key: String(edge),
        label: `${logit(edge)} – ${logit(edge + step)}`,
        value: counts[at] ?? 0,
      }))}
      places={edges.flatMap((edge, at) =>
        Number.isInteger(edge) ? [{ at: at - 0.5, label: tick(edge) }] : [],
      )}
    />
  );
}

/** Each item by how many solve it and how well it goes with θ. */
export function StatsScatter({ analysed }: { analysed: readonly AnalysedItem[] }) {
  const known = analysed.flatMap(({ item, stats: { p_correct, point_biserial } }) =>
    p_correct === null || point_biserial === null ? [] : [{ item, p: p_correct, r: point_biserial }],
  );
  const percentOf = (value: number) => t('stats.percent', { value: number(value * 100) });
  const lowest = Math.min(0, ...known.map(({ r }) => r));
  return (
    <LineChart
      wide
      title={t('analysis.scatter')}
      note={t('analysis.scatterNote')}
      xLabel={t('stats.p')}
      yLabel={t('stats.pointBiserial')}
      x={[0, 1]}
      y={[lowest - 0.05, 1]}
      xText={percentOf}
      yText={tick}
      curves={[]}
      marks={[
        {
          key: 'items',
          label: t('analysis.items'),
          colour: 0,
          marks: known.map(({ item, p, r }) => ({
            x: p,
            y: r,
            title: `${titleOfItem(item)}: ${percentOf(p)}, ${logit(r)}`,
          })),
        },
      ]}
      numbers={{
        head: [t('items.item'), t('stats.p'), t('stats.pointBiserial')],
        rows: () => known.map(({ item, p, r }) => [titleOfItem(item), percentOf(p), logit(r)]),
      }}
    />
  );
}
