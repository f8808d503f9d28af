import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { testing } from '../../app/testing-api.ts';
import { useList } from '../../data/list.ts';
import { number, t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';

/** What was published of a bank, newest first. */
export function BankVersions({ bank: { bank_id, published_version } }: { bank: ItemBank }) {
  const list = useList(`bank-versions.${bank_id}.${published_version}`, (page, signal) =>
    testing.banks.listBankVersions({ params: { bank_id }, query: page, signal }),
  );
  return (
    <ListCard
      list={list}
      empty={<Empty icon="bank" title={t('versions.none')} text={t('versions.noneText')} />}
    >
      {(versions) => (
        <Table
          label={t('bank.tab.versions')}
          items={versions}
          keyOf={({ version }) => String(version)}
          columns={[
            {
              label: t('versions.version'),
              role: 'lead',
              cell: ({ version, source }) => (
                <span class="cell-main">
                  <span>
                    <strong>{t('bank.versionIs', { n: version })}</strong>
                    <small>{t(`versions.source.${source}`)}</small>
                  </span>
                </span>
              ),
            },
            { label: t('versions.live'), role: 'end', cell: ({ live }) => number(live) },
            { label: t('versions.pilot'), role: 'end', cell: ({ pilot }) => number(pilot) },
            { label: t('versions.note'), cell: ({ note }) => (note === '' ? '–' : note) },
            { label: t('versions.by'), cell: ({ published_by_name }) => published_by_name },
            { label: t('versions.at'), role: 'end', cell: ({ published_at }) => <Ago at={published_at} /> },
          ]}
        />
      )}
    </ListCard>
  );
}
