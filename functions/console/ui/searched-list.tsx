import type { ComponentChildren } from 'preact';
import { setQuery } from '../app/location.ts';
import type { List } from '../data/list.ts';
import { t } from '../i18n/index.ts';
import { Empty } from './feedback.tsx';
import { ListCard } from './list.tsx';
import { SearchBox } from './search-box.tsx';

interface SearchedListProps<T> {
  readonly list: List<T>;
  /** What is searched for: `q` of the address. */
  readonly q: string;
  readonly label: string;
  /** Shown where there is nothing to search in. */
  readonly empty: ComponentChildren;
  readonly children: (items: readonly T[]) => ComponentChildren;
}

/** The list of a page, which a box above it searches. */
export const SearchedList = <T,>({ list, q, label, empty, children }: SearchedListProps<T>) => (
  <>
    <div class="toolbar">
      <SearchBox label={label} value={q} onSearch={(words) => setQuery('q', words)} />
    </div>
    <ListCard
      list={list}
      empty={q === '' ? empty : <Empty icon="search" title={t('search.none')} text={t('search.noneText')} />}
    >
      {children}
    </ListCard>
  </>
);
