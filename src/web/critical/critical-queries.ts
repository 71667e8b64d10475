import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listCriticalResults } from '../../contract/critical-results.ts';
import { call } from '../api.ts';

/** Counting goes no further: a badge says no more than this. */
const MOST_COUNTED = 99;

export const CRITICAL_VIEWS = ['waiting', 'overdue', 'open', 'told', 'acknowledged', 'withdrawn'] as const;
export type CriticalView = (typeof CRITICAL_VIEWS)[number];

/** Under `critical-results`, which events keep up to date. */
export const criticalListQuery = (view: CriticalView) =>
  infiniteQueryOptions({
    queryKey: ['critical-results', view],
    queryFn: ({ pageParam, signal }) =>
      call(
        listCriticalResults,
        { query: { ...(view === 'overdue' ? { overdue: true } : { status: view }), ...(pageParam ? { cursor: pageParam } : {}) } },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });

/** How many wait for somebody to be told or to confirm, and how many of them are late. */
export const criticalCountQuery = queryOptions({
  queryKey: ['critical-results', 'count'],
  queryFn: async ({ signal }) => {
    const { items, next_cursor } = await call(listCriticalResults, { query: { status: 'waiting', limit: MOST_COUNTED } }, { signal });
    return { waiting: items.length, hasMore: next_cursor !== null, overdue: items.filter(({ is_overdue }) => is_overdue).length };
  },
  // Nothing tells when a time passes.
  refetchInterval: 60_000,
});
