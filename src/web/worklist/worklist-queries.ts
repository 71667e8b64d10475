import { type InfiniteData, infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Output } from '../../contract/endpoint.ts';
import {
  countReadings,
  getReading,
  getReadingPreferences,
  listReaders,
  listReadings,
  listSharedViews,
  type ReadingFilter,
  type ReadingItem,
  type ReadingOrder,
  type ReadingPreferences,
} from '../../contract/reading-list.ts';
import { call } from '../api.ts';

const PAGE_SIZE = 200;
/** Loaded anew when somebody comes back; what lies deeper is scrolled to again. */
const PAGES_KEPT = 3;

/** What the list shows. */
export type Shown = { filter: ReadingFilter; order: ReadingOrder };
type Pages = InfiniteData<Output<typeof listReadings>, string>;

/** Kept up to date row by row (`use-fresh-rows.ts`): a list that loads itself anew would jump under the hand. */
export const worklistQuery = ({ filter, order }: Shown) =>
  infiniteQueryOptions({
    queryKey: ['worklist', filter, order],
    queryFn: ({ pageParam, signal }) =>
      call(listReadings, { query: { limit: PAGE_SIZE, ...filter, order, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });

/** Whether there is any study at all. */
export const anyStudyQuery = queryOptions({
  queryKey: ['reading-list', 'any'],
  queryFn: ({ signal }) => call(listReadings, { query: { limit: 1, status: 'all', order: 'arrival' } }, { signal }),
});
export const countsQuery = queryOptions({
  queryKey: ['reading-list', 'counts'],
  queryFn: ({ signal }) => call(countReadings, undefined, { signal }),
});
export const preferencesQuery = queryOptions({
  queryKey: ['worklist-preferences'],
  queryFn: ({ signal }) => call(getReadingPreferences, undefined, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
/** Under `reading-list`, which events of others load anew. */
export const sharedViewsQuery = queryOptions({
  queryKey: ['reading-list', 'views'],
  queryFn: ({ signal }) => call(listSharedViews, undefined, { signal }),
  staleTime: 60_000,
});
export const readersQuery = queryOptions({
  queryKey: ['worklist-readers'],
  queryFn: ({ signal }) => call(listReaders, undefined, { signal }),
});

export function readingOf(study_instance_uid: string): Promise<ReadingItem> {
  return call(getReading, { params: { study_instance_uid } });
}

/** Puts rows that changed into every list that has them, where they stand. */
export function putRows(queryClient: QueryClient, changed: ReadonlyMap<string, ReadingItem>): void {
  queryClient.setQueriesData<Pages>({ queryKey: ['worklist'] }, (data) => {
    if (!data?.pages.some(({ items }) => items.some(({ study_instance_uid }) => changed.has(study_instance_uid)))) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => changed.get(item.study_instance_uid) ?? item),
    }));
    return { ...data, pages };
  });
}

/** Takes rows out of every list that has them. */
export function dropRows(queryClient: QueryClient, gone: ReadonlySet<string | null>): void {
  queryClient.setQueriesData<Pages>(
    { queryKey: ['worklist'] },
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) => ({ ...page, items: page.items.filter(({ study_instance_uid }) => !gone.has(study_instance_uid)) })),
      },
  );
}

/** Forgets all but the first pages of every list, so that loading anew is quick. */
export function trimPages(queryClient: QueryClient): void {
  queryClient.setQueriesData<Pages>({ queryKey: ['worklist'] }, (data) =>
    data && data.pages.length > PAGES_KEPT
      ? { pages: data.pages.slice(0, PAGES_KEPT), pageParams: data.pageParams.slice(0, PAGES_KEPT) }
      : data,
  );
}

export function putPreferences(queryClient: QueryClient, preferences: ReadingPreferences): void {
  queryClient.setQueryData(preferencesQuery.queryKey, preferences);
}
