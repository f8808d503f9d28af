import { useSignal } from '@preact/signals';
import type { Page } from '#shared/contracts/shapes.ts';
import { useResource } from './resource.ts';

export interface List<T> {
  readonly items: readonly T[] | undefined;
  readonly total: number | null;
  readonly error: unknown;
  readonly loading: boolean;
  readonly hasMore: boolean;
  more(): void;
  reload(): void;
  /** Changes what is shown after a change that the server confirmed. */
  change(next: (items: readonly T[]) => readonly T[]): void;
}

interface PageRequest {
  readonly cursor?: string;
}

/** A list by cursor: the first page at once, the next ones on demand. */
export function useList<T>(
  key: string,
  load: (page: PageRequest, signal: AbortSignal) => Promise<Page<T>>,
): List<T> {
  const first = useResource<Page<T>>(key, (signal) => load({}, signal));
  const more = useSignal<{ loading: boolean; error: unknown }>({ loading: false, error: undefined });

  const loadMore = async (cursor: string, before: Page<T>) => {
    more.value = { loading: true, error: undefined };
    try {
      const next = await load({ cursor }, new AbortController().signal);
      first.set({ ...next, items: [...before.items, ...next.items] });
      more.value = { loading: false, error: undefined };
    } catch (error) {
      more.value = { loading: false, error };
    }
  };
  const page = first.data;
  return {
    items: page?.items,
    total: page?.total ?? null,
    error: first.error ?? more.value.error,
    loading: first.loading || more.value.loading,
    hasMore: page?.has_next ?? false,
    more: () => {
      if (page?.next_cursor && !more.value.loading) void loadMore(page.next_cursor, page);
    },
    reload: first.reload,
    change: (next) => {
      if (page) first.set({ ...page, items: [...next(page.items)] });
    },
  };
}

/** Items of every page, for short lists that a form chooses from. */
export async function everyPage<T>(load: (page: PageRequest) => Promise<Page<T>>, most = 500): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor === undefined ? {} : { cursor });
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && items.length < most);
  return items;
}
