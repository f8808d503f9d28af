import type { ComponentChildren } from 'preact';
import type { List } from '../data/list.ts';
import { t } from '../i18n/index.ts';
import { Button } from './button.tsx';
import { CardWait } from './feedback.tsx';

interface ListCardProps<T> {
  readonly list: List<T>;
  readonly empty: ComponentChildren;
  readonly children: (items: readonly T[]) => ComponentChildren;
}
/** A card with a list: its shape while it loads, what to do when it is empty, more on demand. */
export function ListCard<T>({ list, empty, children }: ListCardProps<T>) {
  const { items, error, loading } = list;
  return (
    <div class="card table-wrap" aria-busy={loading ? 'true' : undefined}>
      <CardWait resource={{ data: items, error, reload: list.reload }} lines={5} height={20} />
      {items !== undefined && (items.length === 0 ? empty : children(items))}
      {list.hasMore && (
        <div class="more">
          <Button kind="quiet" busy={loading} onClick={list.more}>
            {t('action.more')}
          </Button>
        </div>
      )}
    </div>
  );
}
