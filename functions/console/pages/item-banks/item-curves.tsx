import { useSignal } from '@preact/signals';
import { parameters } from '#shared/contracts/item-shapes.ts';
import { t } from '../../i18n/index.ts';
import { LineChart, type Marks } from '../pictures/line-chart.tsx';
import { abilities, curvesOf } from './curve-points.ts';
import { type ItemDraft, parametersOf } from './item-draft.ts';
import { logit, tick } from './words.ts';

/** What the typed parameters mean, drawn while they are typed. */
export function ItemCurves({ draft, D }: { draft: ItemDraft; D: number }) {
  const given = parameters.safeParse(parametersOf(draft));
  if (!given.success)
    return (
      <div class="card card-body">
        <p class="muted">{t('item.noCurve')}</p>
      </div>
    );
  return <CurvePair parameters={given.data} D={D} />;
}

interface CurvePairProps {
  readonly parameters: Parameters<typeof curvesOf>[0];
  readonly D: number;
  /** What students of about an ability did. */
  readonly marks?: readonly Marks[];
  /** Beside it, what the parameters were before. */
  readonly before?: Parameters<typeof curvesOf>[0] | undefined;
}

/** The response curve and the information of an item; one cursor for both. */
export function CurvePair({ parameters: present, D, marks = [], before }: CurvePairProps) {
  const cursor = useSignal<number | undefined>(undefined);
  const curves = curvesOf(present, D);
  if (!curves) return null;
  const old = before && curvesOf(before, D);
  const isPolytomous = curves.categories.length > 0;
  const theta = t('picture.theta');
  return (
    <div class="pictures">
      <LineChart
        title={t('item.curve')}
        note={t(isPolytomous ? 'item.curveCredit' : 'item.curveNote')}
        xLabel={theta}
        yLabel={t(isPolytomous ? 'item.credit' : 'item.probability')}
        x={abilities}
        y={[0, 1]}
        xText={tick}
        yText={tick}
        cursor={cursor}
        marks={marks}
        curves={[
          {
            key: 'score',
            label: t(old ? 'item.curveAfter' : isPolytomous ? 'item.credit' : 'item.probability'),
            points: curves.score,
            colour: 0,
          },
          ...(old
            ? [{ key: 'before', label: t('item.curveBefore'), points: old.score, colour: 7, dashed: true }]
            : []),
          ...(old
            ? []
            : curves.categories.map((points, n) => ({
                key: `category-${n}`,
                label: t('item.category', { n }),
                points,
                colour: n + 1,
                dashed: true,
              }))),
        ]}
      />
      <LineChart
        title={t('item.information')}
        note={t('item.informationNote', { theta: logit(curves.peak[0]) })}
        xLabel={theta}
        yLabel={t('item.information')}
        x={abilities}
        y={[0, Math.max(curves.peak[1], old?.peak[1] ?? 0) * 1.1 || 1]}
        xText={tick}
        yText={tick}
        cursor={cursor}
        curves={[
          {
            key: 'information',
            label: t(old ? 'item.curveAfter' : 'item.information'),
            points: curves.information,
            colour: 0,
          },
          ...(old
            ? [
                {
                  key: 'before',
                  label: t('item.curveBefore'),
                  points: old.information,
                  colour: 7,
                  dashed: true,
                },
              ]
            : []),
        ]}
      />
    </div>
  );
}
