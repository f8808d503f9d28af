import { useSignal } from '@preact/signals';
import type { Calibration, CalibrationReport } from '#shared/contracts/calibrations.ts';
import type { Item } from '#shared/contracts/items.ts';
import { testing } from '../../app/testing-api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Figures } from '../../ui/facts.tsx';
import { Failure, Note, Skeleton } from '../../ui/feedback.tsx';
import { useBank } from '../item-banks/bank.tsx';
import { titleOfItem } from '../item-banks/title-of-item.ts';
import { isOwnBank } from '../item-banks/words.ts';
import { LineChart } from '../pictures/line-chart.tsx';
import { roundNumbers } from '../trainings/charts/axis.ts';
import { CalibratedItems } from './calibrated-items.tsx';
import { PublishCalibration } from './publish-calibration.tsx';

/** The titles of a bank's items, for tables that know their ids. */
function useItemTitles(bank_id: string): (item_id: string) => string {
  const { data } = useResource(`item-titles.${bank_id}`, (signal) =>
    everyPage<Item>(
      (page) =>
        testing.items.listItems({ query: { bank_id, limit: 100, sort: 'created_at', ...page }, signal }),
      5000,
    ),
  );
  const titles = new Map(data?.map((item) => [item.item_id, titleOfItem(item)]));
  return (item_id) => titles.get(item_id) ?? '…';
}

interface Props {
  readonly calibration: Calibration;
  readonly onChanged: (calibration: Calibration) => void;
}

/** What a calibration found, item by item, and the way to publish it. */
export function CalibrationReportView({ calibration, onChanged }: Props) {
  const { calibration_id, bank_id } = calibration;
  const { data, error, reload } = useResource(`calibration-report.${calibration_id}`, (signal) =>
    testing.calibrations.getCalibrationReport({ params: { calibration_id }, signal }),
  );
  const bank = useBank(bank_id).data;
  const titleOf = useItemTitles(bank_id);
  const chosen = useSignal<ReadonlySet<string> | undefined>(undefined);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  const passed = data.items.filter((item) => item.passed).map(({ item_id }) => item_id);
  const selection = chosen.value ?? new Set(passed);
  const mayPublish = bank !== undefined && isOwnBank(bank);
  return (
    <div class="stack-l">
      <Publication calibration={calibration} />
      <Sums report={data} />
      <Note kind={data.summary.converged ? 'good' : 'warn'} icon={data.summary.converged ? 'check' : 'alert'}>
        {t(data.summary.converged ? 'calibration.converged' : 'calibration.notConverged')}{' '}
        {data.left_out.length > 0 && counted('calibration.leftOut', data.left_out.length)}
      </Note>
      {mayPublish && calibration.publication?.status !== 'published' && (
        <PublishCalibration
          calibration={calibration}
          report={data}
          chosen={selection}
          onChoosePassed={() => {
            chosen.value = new Set(passed);
          }}
          onChanged={onChanged}
        />
      )}
      <CalibratedItems
        report={data}
        titleOf={titleOf}
        chosen={mayPublish && calibration.publication === null ? selection : undefined}
        onChoose={(item_id, isChosen) => {
          const next = new Set(selection);
          if (isChosen) next.add(item_id);
          else next.delete(item_id);
          chosen.value = next;
        }}
      />
      <Trace report={data} />
    </div>
  );
}

function Publication({ calibration: { publication } }: { calibration: Calibration }) {
  if (!publication) return null;
  const { status, bank_version, items, skipped } = publication;
  return (
    <Note kind={status === 'published' ? 'good' : 'warn'} icon={status === 'published' ? 'check' : 'clock'}>
      {status === 'published'
        ? t('calibration.publishedAs', {
            n: bank_version ?? 0,
            items: counted('bank.count', items.length - skipped.length),
          })
        : t('calibration.publishing')}{' '}
      {skipped.length > 0 && counted('calibration.skipped', skipped.length)}
    </Note>
  );
}

const Sums = ({ report: { summary } }: { report: CalibrationReport }) => (
  <Figures
    figures={[
      [t('calibration.sessions'), number(summary.sessions)],
      [t('calibration.answers'), number(summary.answers)],
      [t('calibration.items'), number(summary.items)],
      [t('calibration.passed'), number(summary.passed)],
      [t('calibration.reliability'), summary.reliability === null ? '–' : number(summary.reliability, 2)],
    ]}
  />
);

const Trace = ({ report: { convergence } }: { report: CalibrationReport }) =>
  convergence.trace.length > 1 ? (
    <LineChart
      title={t('calibration.trace')}
      note={t('calibration.traceNote')}
      xLabel={t('calibration.cycle')}
      yLabel={t('calibration.likelihood')}
      xTicks={roundNumbers(1, convergence.trace.length, 8).filter(Number.isInteger)}
      xText={(value) => number(value)}
      yText={(value) => number(value, 1)}
      curves={[
        {
          key: 'trace',
          label: t('calibration.likelihood'),
          points: convergence.trace.map((value, at) => [at + 1, value] as const),
          colour: 0,
        },
      ]}
    />
  ) : null;
