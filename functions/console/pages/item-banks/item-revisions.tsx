import type { Item } from '#shared/contracts/items.ts';
import { testing } from '../../app/testing-api.ts';
import { useResource } from '../../data/resource.ts';
import { isKey, plain, t } from '../../i18n/index.ts';
import { Failure } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Ago } from '../../ui/words.tsx';

const fieldWord = (field: string): string => {
  const key = `item.field.${field}`;
  return isKey(key) ? plain(key) : field;
};

/** What the item was before; tests that ran then keep it. */
export function ItemRevisions({ item }: { item: Item }) {
  const { data, error, reload } = useResource(`item-revisions.${item.item_id}.${item.revision}`, (signal) =>
    testing.items.listItemRevisions({ params: { item_id: item.item_id }, query: { limit: 20 }, signal }),
  );
  return (
    <details class="disclosure card">
      <summary>
        <Icon name="chevron" size={16} />
        {t('item.revisions')}
      </summary>
      <div class="card-body">
        <Failure error={error} retry={reload} />
        <ol class="plain-list">
          {data?.items.map(({ revision, changed, created_at, created_by_name }) => (
            <li key={revision}>
              <strong>{t('item.revision', { n: revision })}</strong>{' '}
              <span class="muted small">
                {created_by_name} · <Ago at={created_at} />
              </span>
              <p class="small">
                {changed.length === 0
                  ? t('item.revisionFirst')
                  : t('item.revisionChanged', { fields: changed.map(fieldWord).join(', ') })}
              </p>
            </li>
          ))}
        </ol>
      </div>
    </details>
  );
}
