import { useSignal } from '@preact/signals';
import type { ItemStats } from '#shared/contracts/exam-statistics.ts';
import type { ItemBank } from '#shared/contracts/item-banks.ts';
import type { Item } from '#shared/contracts/items.ts';
import { testing } from '../../app/testing-api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { ItemTitle } from '../item-banks/item-title.tsx';
import '../../i18n/calibrations.ts';
import { duration, number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Table } from '../../ui/table.tsx';
import { BankTabs, useBank } from '../item-banks/bank.tsx';
import { CurvePair } from '../item-banks/item-curves.tsx';
import { driftLimit } from '../item-banks/item-statistics.tsx';
import { titleOfItem } from '../item-banks/title-of-item.ts';
import { logit } from '../item-banks/words.ts';
import { BankPictures, StatsScatter } from './analysis-pictures.tsx';
import { marksOf } from './calibrated-items.tsx';

export interface AnalysedItem {
  readonly item: Item;
  readonly stats: ItemStats;
}

/** How a bank's items did, and what it can measure. */
export function BankAnalysis({ id }: { id: string }) {
  const { data, error, reload } = useBank(id);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return (
    <>
      <PageHead
        title={data.name}
        back={{ href: '/item-banks', label: t('nav.itemBanks') }}
        lead={t('analysis.lead')}
      />
      <BankTabs bank={data} tab="analysis" />
      <Analysis bank={data} />
    </>
  );
}

function Analysis({ bank }: { bank: ItemBank }) {
  const { bank_id } = bank;
  const items = useResource(`analysis-items.${bank_id}`, (signal) =>
    everyPage<Item>(
      (page) =>
        testing.items.listItems({ query: { bank_id, limit: 100, sort: 'created_at', ...page }, signal }),
      5000,
    ),
  );
  const stats = useResource(`analysis-stats.${bank_id}`, (signal) =>
    everyPage<ItemStats>(
      (page) => testing.itemStatistics.listItemStats({ query: { bank_id, limit: 100, ...page }, signal }),
      5000,
    ),
  );
  const failed = items.error === undefined ? stats : items;
  if (failed.error !== undefined && !failed.data)
    return <Failure error={failed.error} retry={failed.reload} />;
  if (!items.data || !stats.data) return <Skeleton lines={4} height={120} />;
  const byId = new Map(items.data.map((item) => [item.item_id, item]));
  const analysed = stats.data.flatMap((one): AnalysedItem[] => {
    const item = byId.get(one.item_id);
    return item ? [{ item, stats: one }] : [];
  });
  return (
    <div class="stack-l">
      <BankPictures items={items.data} D={bank.D} />
      {analysed.length === 0 ? (
        <div class="card">
          <Empty icon="training" title={t('analysis.none')} text={t('analysis.noneText')} />
        </div>
      ) : (
        <>
          <StatsScatter analysed={analysed} />
          <StatsTable bank={bank} analysed={analysed} />
        </>
      )}
    </div>
  );
}

const sorts = ['easy', 'hard', 'weak', 'drift'] as const;
type Sort = (typeof sorts)[number];
const weak = 0.1;

const orderOf: Readonly<Record<Sort, (one: AnalysedItem) => number>> = {
  easy: ({ stats }) => -(stats.p_correct ?? 0),
  hard: ({ stats }) => stats.p_correct ?? 1,
  weak: ({ stats }) => stats.point_biserial ?? 1,
  drift: ({ stats }) => -Math.abs(stats.drift ?? 0),
};

interface StatsTableProps {
  readonly bank: ItemBank;
  readonly analysed: readonly AnalysedItem[];
}
function StatsTable({ bank, analysed }: StatsTableProps) {
  const sort = useSignal<Sort>('weak');
  const looked = useSignal<Item | undefined>(undefined);
  const order = orderOf[sort.value];
  return (
    <section class="card table-wrap">
      <div class="card-head">
        <h2>{t('analysis.table')}</h2>
        <Select
          label={t('analysis.sort')}
          value={sort.value}
          onChange={(value) => {
            sort.value = sorts.find((one) => one === value) ?? 'weak';
          }}
        >
          {sorts.map((one) => (
            <option key={one} value={one}>
              {t(`analysis.sort.${one}`)}
            </option>
          ))}
        </Select>
      </div>
      <Table
        label={t('analysis.table')}
        items={analysed.toSorted((a, b) => order(a) - order(b))}
        keyOf={({ item }) => item.item_id}
        columns={[
          {
            label: t('items.item'),
            role: 'lead',
            cell: ({ item, stats }) => (
              <span class="cell-main">
                <span>
                  <a class="row-link item-title" href={`/item-banks/${bank.bank_id}/items/${item.item_id}`}>
                    <ItemTitle body={item.body} />
                  </a>
                  <Flags stats={stats} />
                </span>
              </span>
            ),
          },
          { label: t('stats.attempts'), role: 'end', cell: ({ stats }) => number(stats.attempts) },
          {
            label: t('stats.p'),
            role: 'end',
            cell: ({ stats: { p_correct } }) =>
              p_correct === null ? '–' : t('stats.percent', { value: number(p_correct * 100) }),
          },
          {
            label: t('stats.pointBiserial'),
            role: 'end',
            cell: ({ stats: { point_biserial } }) => (point_biserial === null ? '–' : logit(point_biserial)),
          },
          {
            label: t('stats.time'),
            role: 'end',
            cell: ({ stats: { typical_response_time_ms } }) =>
              typical_response_time_ms === null ? '–' : duration(typical_response_time_ms / 1000),
          },
          {
            label: t('stats.drift'),
            role: 'end',
            cell: ({ stats: { drift } }) => (drift === null ? '–' : logit(drift, 1)),
          },
          {
            label: t('table.actions'),
            role: 'actions',
            cell: ({ item }) =>
              item.parameters && (
                <Button
                  size="small"
                  kind="quiet"
                  icon="training"
                  onClick={() => {
                    looked.value = item;
                  }}
                >
                  {t('analysis.look')}
                  <span class="visually-hidden">
                    {' '}
                    <ItemTitle body={item.body} />
                  </span>
                </Button>
              ),
          },
        ]}
      />
      {looked.value && (
        <ItemLook
          bank={bank}
          item={looked.value}
          onClose={() => {
            looked.value = undefined;
          }}
        />
      )}
    </section>
  );
}

/** What is worth a look, in words. */
function Flags({ stats: { point_biserial, drift } }: { stats: ItemStats }) {
  const flags = [
    point_biserial !== null && point_biserial < weak && t('analysis.flag.weak'),
    drift !== null && drift > driftLimit && t('analysis.flag.easier'),
    drift !== null && drift < -driftLimit && t('analysis.flag.harder'),
  ].filter((flag) => flag !== false);
  return flags.length > 0 ? <small class="needs">{flags.join(' · ')}</small> : null;
}

interface ItemLookProps {
  readonly bank: ItemBank;
  readonly item: Item;
  readonly onClose: () => void;
}
/** An item's curves with what students really did, as the newest calibration counted it. */
function ItemLook({ bank: { bank_id, D }, item, onClose }: ItemLookProps) {
  const { data } = useResource(`newest-report.${bank_id}`, async (signal) => {
    const { items } = await testing.calibrations.listCalibrations({
      query: { bank_id, status: 'completed', limit: 1 },
      signal,
    });
    const [newest] = items;
    if (!newest) return undefined;
    const params = { calibration_id: newest.calibration_id };
    return testing.calibrations.getCalibrationReport({ params, signal });
  });
  const calibrated = data?.items.find(({ item_id }) => item_id === item.item_id);
  return (
    <Dialog title={t('analysis.curvesOf', { title: titleOfItem(item) })} onClose={onClose}>
      <div class="stack">
        {item.parameters && (
          <CurvePair parameters={item.parameters} D={D} marks={calibrated ? [marksOf(calibrated)] : []} />
        )}
        {!calibrated && <p class="muted small">{t('analysis.noEmpirical')}</p>}
      </div>
    </Dialog>
  );
}
