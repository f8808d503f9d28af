import type { Item } from '#shared/contracts/items.ts';
import { t } from '../../i18n/index.ts';
import { Table } from '../../ui/table.tsx';
import { ItemTitle } from './item-title.tsx';
import { difficultyOf, letterOf, logit, looksOfStatus } from './words.ts';

/** Items in lines: what they ask, how they measure. */
export const ItemTable = ({ items }: { items: readonly Item[] }) => (
  <Table
    label={t('bank.items')}
    items={items}
    keyOf={({ item_id }) => item_id}
    columns={[
      {
        label: t('items.item'),
        role: 'lead',
        cell: (item) => (
          <span class="cell-main">
            <span>
              <a class="row-link item-title" href={`/item-banks/${item.bank_id}/items/${item.item_id}`}>
                <ItemTitle body={item.body} />
              </a>
              <small>
                {t(`item.kind.${item.kind}`)} · {keyText(item)}
              </small>
            </span>
          </span>
        ),
      },
      { label: t('items.status'), cell: ({ status }) => <ItemStatusBadge status={status} /> },
      {
        label: t('items.labels'),
        cell: ({ subject, grade, module, tags }) => (
          <span class="item-labels">
            {[subject, grade, module, ...tags].filter(Boolean).join(' · ') || '–'}
          </span>
        ),
      },
      {
        label: t('items.discrimination'),
        role: 'end',
        cell: ({ parameters }) => (parameters ? logit(parameters.a) : '–'),
      },
      {
        label: t('items.difficulty'),
        role: 'end',
        cell: ({ parameters }) => (parameters ? logit(difficultyOf(parameters)) : t('items.unknown')),
      },
    ]}
  />
);

export const ItemStatusBadge = ({ status }: Pick<Item, 'status'>) => (
  <span class={`badge ${looksOfStatus[status]}`}>{t(`item.status.${status}`)}</span>
);

/** What is right: letters, a number with its tolerance, or the first of the texts. */
export function keyText(item: Item): string {
  switch (item.kind) {
    case 'choice':
      return letterOf(item.key);
    case 'multi':
      return item.key.map(letterOf).join(', ');
    case 'numeric': {
      const { value, tolerance, tolerance_kind } = item.key;
      if (tolerance === 0) return String(value);
      return tolerance_kind === 'relative' ? `${value} ± ${tolerance * 100} %` : `${value} ± ${tolerance}`;
    }
    case 'text':
      return item.key.accepted[0] ?? '';
  }
}
