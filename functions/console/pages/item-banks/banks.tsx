import { useSignal } from '@preact/signals';
import { type ItemBank, itemBankOperations } from '#shared/contracts/item-banks.ts';
import { navigate, place } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useList } from '../../data/list.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SearchedList } from '../../ui/searched-list.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { BankForm } from './bank-form.tsx';

/** The item banks of the school. */
export function ItemBanks() {
  const q = place.value.query.get('q') ?? '';
  const creating = useSignal(place.value.query.has('new'));
  const list = useList(`banks.${q}`, (page, signal) =>
    testing.banks.listItemBanks({ query: { ...(q !== '' && { q }), ...page }, signal }),
  );
  const create = may(itemBankOperations.createItemBank) && (
    <Button
      kind="primary"
      icon="plus"
      onClick={() => {
        creating.value = true;
      }}
    >
      {t('banks.new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('nav.itemBanks')} lead={t('banks.lead')}>
        {create}
      </PageHead>
      <SearchedList
        list={list}
        q={q}
        label={t('banks.search')}
        empty={
          <Empty
            icon="bank"
            title={t('banks.empty')}
            text={t(create ? 'banks.emptyText' : 'banks.emptyReader')}
          >
            {create}
          </Empty>
        }
      >
        {(banks) => <BankTable banks={banks} />}
      </SearchedList>
      {creating.value && (
        <BankForm
          onClose={() => {
            creating.value = false;
          }}
          onSaved={({ bank_id, name }) => {
            toast('good', t('bank.created', { name }));
            navigate(`/item-banks/${bank_id}`);
          }}
        />
      )}
    </>
  );
}

const BankTable = ({ banks }: { banks: readonly ItemBank[] }) => (
  <Table
    label={t('nav.itemBanks')}
    items={banks}
    keyOf={({ bank_id }) => bank_id}
    columns={[
      {
        label: t('bank.bank'),
        role: 'lead',
        cell: ({ bank_id, name, description }) => (
          <span class="cell-main">
            <span>
              <a class="row-link" href={`/item-banks/${bank_id}`}>
                {name}
              </a>
              {description !== '' && <small>{description}</small>}
            </span>
          </span>
        ),
      },
      { label: t('bank.subject'), cell: ({ subject }) => subject ?? '–' },
      { label: t('bank.items'), role: 'end', cell: ({ item_count }) => number(item_count) },
      { label: t('bank.published'), cell: (bank) => <PublishedBadge bank={bank} /> },
      { label: t('bank.author'), cell: ({ created_by_name }) => created_by_name },
      { label: t('bank.changed'), role: 'end', cell: ({ updated_at }) => <Ago at={updated_at} /> },
    ]}
  />
);

export const PublishedBadge = ({ bank }: { bank: Pick<ItemBank, 'published_version'> }) =>
  bank.published_version === 0 ? (
    <span class="badge">{t('bank.notPublished')}</span>
  ) : (
    <span class="badge good">{t('bank.versionIs', { n: bank.published_version })}</span>
  );
