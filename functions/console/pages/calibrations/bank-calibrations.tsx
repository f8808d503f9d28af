import { useSignal } from '@preact/signals';
import type { Calibration } from '#shared/contracts/calibrations.ts';
import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { testing } from '../../app/testing-api.ts';
import { useList } from '../../data/list.ts';
import '../../i18n/calibrations.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { BankTabs, useBank } from '../item-banks/bank.tsx';
import { isOwnBank } from '../item-banks/words.ts';
import { StartCalibration } from './start-calibration.tsx';

/** The calibrations of a bank, newest first. */
export function BankCalibrations({ id }: { id: string }) {
  const { data, error, reload } = useBank(id);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return <Calibrations bank={data} />;
}

function Calibrations({ bank }: { bank: ItemBank }) {
  const starting = useSignal(false);
  const list = useList<Calibration>(`calibrations.${bank.bank_id}`, (page, signal) =>
    testing.calibrations.listCalibrations({ query: { bank_id: bank.bank_id, ...page }, signal }),
  );
  const start = isOwnBank(bank) && bank.published_version > 0 && (
    <Button
      kind="primary"
      icon="play"
      onClick={() => {
        starting.value = true;
      }}
    >
      {t('calibrations.start')}
    </Button>
  );
  return (
    <>
      <PageHead
        title={bank.name}
        back={{ href: '/item-banks', label: t('nav.itemBanks') }}
        lead={t('calibrations.noneText')}
      >
        {start}
      </PageHead>
      <BankTabs bank={bank} tab="calibrations" />
      <ListCard
        list={list}
        empty={<Empty icon="training" title={t('calibrations.none')} text={t('calibrations.noneText')} />}
      >
        {(items) => <CalibrationTable items={items} />}
      </ListCard>
      {starting.value && (
        <StartCalibration
          bank={bank}
          onClose={() => {
            starting.value = false;
          }}
        />
      )}
    </>
  );
}

const looks = { pending: '', running: 'accent', completed: 'good', failed: 'bad', cancelled: '' } as const;
export const CalibrationBadge = ({ status }: Pick<Calibration, 'status'>) => (
  <span class={`badge ${looks[status]}`}>{t(`calibrations.status.${status}`)}</span>
);

const CalibrationTable = ({ items }: { items: readonly Calibration[] }) => (
  <Table
    label={t('bank.tab.calibrations')}
    items={items}
    keyOf={({ calibration_id }) => calibration_id}
    columns={[
      {
        label: t('calibrations.one'),
        role: 'lead',
        cell: ({ calibration_id, config }) => (
          <span class="cell-main">
            <span>
              <a class="row-link" href={`/calibrations/${calibration_id}`}>
                {config.model}
              </a>
              <small>{t(`calibrations.mode.${config.mode}`)}</small>
            </span>
          </span>
        ),
      },
      {
        label: t('items.status'),
        cell: ({ status, publication }) => (
          <span class="row">
            <CalibrationBadge status={status} />
            {publication?.status === 'published' && (
              <span class="badge good">{t('calibrations.published')}</span>
            )}
          </span>
        ),
      },
      {
        label: t('calibrations.passed'),
        role: 'end',
        cell: ({ summary }) =>
          summary ? t('calibrations.passedOf', { passed: summary.passed, items: summary.items }) : '–',
      },
      { label: t('calibrations.by'), cell: ({ created_by_name }) => created_by_name },
      { label: t('calibrations.at'), role: 'end', cell: ({ created_at }) => <Ago at={created_at} /> },
    ]}
  />
);
