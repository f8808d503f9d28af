import type { ComponentChildren } from 'preact';
import type { ItemBank } from '#shared/contracts/item-banks.ts';
import type { Item } from '#shared/contracts/items.ts';
import { itemKinds, itemStatuses } from '#shared/domain/items/types.ts';
import { place, setQuery } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { ItemTable } from './item-table.tsx';
import { isOwnBank } from './words.ts';

const sorts = ['-updated_at', 'created_at', 'b', '-b'] as const;
const labels = ['subject', 'module', 'grade', 'tag'] as const;
const names = ['q', 'status', 'kind', ...labels];

/** As the address says it; what is no filter is none. */
function filterFrom(query: URLSearchParams) {
  const given = (name: string) => query.get(name) ?? '';
  const status = itemStatuses.find((one) => one === given('status'));
  const kind = itemKinds.find((one) => one === given('kind'));
  return {
    sort: sorts.find((one) => one === given('sort')) ?? '-updated_at',
    ...(given('q') !== '' && { q: given('q') }),
    ...(status && { status }),
    ...(kind && { kind }),
    ...Object.fromEntries(labels.filter((name) => given(name) !== '').map((name) => [name, given(name)])),
  };
}

/** The items of a bank, with what narrows them down. */
export function BankItems({ bank }: { bank: ItemBank }) {
  const { query } = place.value;
  const filter = filterFrom(query);
  const list = useList<Item>(`items.${bank.bank_id}.${JSON.stringify(filter)}`, (page, signal) =>
    testing.items.listItems({ query: { bank_id: bank.bank_id, limit: 50, ...filter, ...page }, signal }),
  );
  const isFiltered = names.some((name) => query.has(name));
  return (
    <>
      <Filters query={query} items={list.items ?? []}>
        {isOwnBank(bank) && (
          <LinkButton href={`/item-banks/${bank.bank_id}/items/new`} kind="primary" icon="plus">
            {t('bank.newItem')}
          </LinkButton>
        )}
      </Filters>
      <ListCard
        list={list}
        empty={
          isFiltered ? (
            <Empty icon="search" title={t('search.none')} text={t('search.noneText')}>
              <Button
                onClick={() => {
                  for (const name of names) setQuery(name, '');
                }}
              >
                {t('items.clear')}
              </Button>
            </Empty>
          ) : (
            <Empty icon="bank" title={t('bank.noItems')} text={t('bank.noItemsText')} />
          )
        }
      >
        {(items) => <ItemTable items={items} />}
      </ListCard>
    </>
  );
}

interface FiltersProps {
  readonly query: URLSearchParams;
  readonly items: readonly Item[];
  readonly children: ComponentChildren;
}
const Filters = ({ query, items, children }: FiltersProps) => (
  <div class="toolbar">
    <SearchBox label={t('items.search')} value={query.get('q') ?? ''} onSearch={(q) => setQuery('q', q)} />
    <Select
      label={t('items.status')}
      value={query.get('status') ?? ''}
      onChange={(value) => setQuery('status', value)}
    >
      <option value="">{t('items.anyStatus')}</option>
      {itemStatuses.map((status) => (
        <option key={status} value={status}>
          {t(`item.status.${status}`)}
        </option>
      ))}
    </Select>
    <Select
      label={t('items.kind')}
      value={query.get('kind') ?? ''}
      onChange={(value) => setQuery('kind', value)}
    >
      <option value="">{t('items.anyKind')}</option>
      {itemKinds.map((kind) => (
        <option key={kind} value={kind}>
          {t(`item.kind.${kind}`)}
        </option>
      ))}
    </Select>
    {labels.map((name) => (
      <LabelFilter key={name} name={name} query={query} items={items} />
    ))}
    <Select
      label={t('items.sort')}
      value={query.get('sort') ?? '-updated_at'}
      onChange={(value) => setQuery('sort', value === '-updated_at' ? '' : value)}
    >
      {sorts.map((sort) => (
        <option key={sort} value={sort}>
          {t(`items.sort.${sort}`)}
        </option>
      ))}
    </Select>
    <span class="grow" />
    {children}
  </div>
);

interface LabelFilterProps {
  readonly name: (typeof labels)[number];
  readonly query: URLSearchParams;
  readonly items: readonly Item[];
}
/** What the items in sight are labelled with; none where nothing is. */
function LabelFilter({ name, query, items }: LabelFilterProps) {
  const chosen = query.get(name) ?? '';
  const found = items.flatMap((item) => (name === 'tag' ? item.tags : (item[name] ?? [])));
  const all = [...new Set([...found, ...(chosen === '' ? [] : [chosen])])].toSorted();
  if (all.length < (chosen === '' ? 2 : 1)) return null;
  return (
    <Select label={t(`items.${name}Filter`)} value={chosen} onChange={(value) => setQuery(name, value)}>
      <option value="">{t('items.any', { what: t(`items.${name}Filter`) })}</option>
      {all.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </Select>
  );
}
