import { useSignal } from '@preact/signals';
import type { CalibrationReport, CurveParameters } from '#shared/contracts/calibrations.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Table } from '../../ui/table.tsx';
import { CurvePair } from '../item-banks/item-curves.tsx';
import { logit } from '../item-banks/words.ts';
import { languageOf } from '../item-body/language-of.ts';
import type { Marks } from '../pictures/line-chart.tsx';

type CalibratedItem = CalibrationReport['items'][number];
const shows = ['all', 'passed', 'failed'] as const;

const locationOf = (parameters: CurveParameters): number =>
  'thresholds' in parameters
    ? parameters.thresholds.reduce((sum, value) => sum + value, 0) / parameters.thresholds.length
    : parameters.b;

interface Props {
  readonly report: CalibrationReport;
  readonly titleOf: (item_id: string) => string;
  /** What is to be published; undefined: nothing can be chosen. */
  readonly chosen: ReadonlySet<string> | undefined;
  readonly onChoose: (item_id: string, isChosen: boolean) => void;
}

/** Each item with its new parameters, how well they fit, and which checks it did not pass. */
export function CalibratedItems({ report, titleOf, chosen, onChoose }: Props) {
  const show = useSignal<(typeof shows)[number]>('all');
  const looked = useSignal<CalibratedItem | undefined>(undefined);
  const items = report.items.filter(
    ({ passed }) => show.value === 'all' || passed === (show.value === 'passed'),
  );
  const look = (item: CalibratedItem) => {
    looked.value = item;
  };
  return (
    <section aria-label={t('calibration.table')}>
      <div class="toolbar">
        <Segments
          label={t('calibration.show')}
          value={show.value}
          options={shows.map((value) => ({ value, label: t(`calibration.show.${value}`) }))}
          onChange={(value) => {
            show.value = value;
          }}
        />
      </div>
      <div class="card table-wrap">
        {items.length === 0 ? (
          <Empty icon="check" title={t('search.none')} text={t('pickItems.noneText')} />
        ) : (
          <ItemRows items={items} titleOf={titleOf} chosen={chosen} onChoose={onChoose} onLook={look} />
        )}
      </div>
      {looked.value && (
        <Dialog
          title={t('analysis.curvesOf', { title: titleOf(looked.value.item_id) })}
          onClose={() => {
            looked.value = undefined;
          }}
        >
          <CurvePair
            parameters={looked.value.after}
            before={looked.value.before ?? undefined}
            D={report.D}
            marks={[marksOf(looked.value)]}
          />
        </Dialog>
      )}
    </section>
  );
}

interface ItemRowsProps extends Omit<Props, 'report'> {
  readonly items: readonly CalibratedItem[];
  readonly onLook: (item: CalibratedItem) => void;
}
const ItemRows = ({ items, titleOf, chosen, onChoose, onLook }: ItemRowsProps) => (
  <Table
    label={t('calibration.table')}
    items={items}
    keyOf={({ item_id }) => item_id}
    columns={[
      {
        label: t('items.item'),
        role: 'lead',
        cell: ({ item_id, status, answers }) => (
          <span class="cell-main">
            {chosen && (
              <input
                type="checkbox"
                aria-label={t('calibration.choose', { title: titleOf(item_id) })}
                checked={chosen.has(item_id)}
                onChange={({ currentTarget }) => onChoose(item_id, currentTarget.checked)}
              />
            )}
            <span>
              <strong lang={languageOf(titleOf(item_id))}>{titleOf(item_id)}</strong>
              <small>
                {t(`item.status.${status}`)} · {t('stats.attempts')}: {number(answers)}
              </small>
            </span>
          </span>
        ),
      },
      {
        label: t('items.discrimination'),
        role: 'end',
        cell: ({ after, se }) => <Estimate value={after.a} error={se?.a ?? null} />,
      },
      {
        label: t('items.difficulty'),
        role: 'end',
        cell: ({ after, before, se }) => (
          <>
            <Estimate value={locationOf(after)} error={se?.b ?? null} />
            {before && (
              <small class="muted block">{t('calibration.before', { b: logit(locationOf(before)) })}</small>
            )}
          </>
        ),
      },
      {
        label: t('calibration.fit'),
        role: 'end',
        cell: ({ fit }) => (fit?.p == null ? '–' : number(fit.p, 3)),
      },
      {
        label: t('calibration.outfit'),
        role: 'end',
        cell: ({ outfit }) => (outfit === null ? '–' : number(outfit, 2)),
      },
      { label: t('calibration.gates'), cell: (item) => <Gates item={item} /> },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (item) => (
          <Button size="small" kind="quiet" icon="training" onClick={() => onLook(item)}>
            {t('analysis.look')}
            <span class="visually-hidden"> {titleOf(item.item_id)}</span>
          </Button>
        ),
      },
    ]}
  />
);

const Estimate = ({ value, error }: { value: number; error: number | null }) => (
  <span class="nowrap">
    {logit(value)}
    {error !== null && <span class="muted"> {t('calibration.se', { se: logit(error) })}</span>}
  </span>
);

function Gates({ item: { gates, passed, dif } }: { item: CalibratedItem }) {
  if (passed) return <span class="badge good">{t('calibration.pass')}</span>;
  const classOf = dif?.mantel_haenszel.class ?? dif?.logistic.class;
  return (
    <span class="gate-list">
      {gates
        .filter((gate) => !gate.passed)
        .map(({ gate }) => (
          <span key={gate} class="badge bad">
            {t(`calibration.gate.${gate}`)}
            {gate === 'dif' && classOf !== undefined && ` (${classOf})`}
          </span>
        ))}
    </span>
  );
}

/** What persons of about an ability did, with the error of a share of so many. */
export function marksOf({ points }: Pick<CalibratedItem, 'points'>): Marks {
  const most = Math.max(1, ...points.map(({ n }) => n));
  return {
    key: 'empirical',
    label: t('analysis.empirical'),
    colour: 1,
    marks: points
      .filter(({ n }) => n > 0)
      .map(({ theta, n, observed }) => {
        const error = Math.sqrt((observed * (1 - observed)) / n);
        return {
          x: theta,
          y: observed,
          low: Math.max(0, observed - error),
          high: Math.min(1, observed + error),
          weight: n / most,
          title: t('analysis.empiricalOf', { theta: logit(theta), percent: number(observed * 100), n }),
        };
      }),
  };
}
