import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listUsers } from '../../../contract/identity-users.ts';
import { listErasures, listHolds } from '../../../contract/privacy.ts';
import { listRecycled } from '../../../contract/recycle-bin.ts';
import { call } from '../../api.ts';

const PAGE_SIZE = 100;
/** Accounts whose names are known beside their ids; the rest shows the beginning of the id. */
const NAMES = 500;

export const erasuresQuery = infiniteQueryOptions({
  queryKey: ['erasures'],
  queryFn: ({ pageParam, signal }) =>
    call(listErasures, { query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
});

export const holdsQuery = (patient_key: string) =>
  queryOptions({
    queryKey: ['holds', patient_key],
    queryFn: ({ signal }) => call(listHolds, { params: { patient_key } }, { signal }),
  });

export const recycledQuery = infiniteQueryOptions({
  queryKey: ['recycle-bin'],
  queryFn: ({ pageParam, signal }) =>
    call(listRecycled, { query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
});

/** Full names of accounts by their ids. */
export const accountNamesQuery = queryOptions({
  queryKey: ['users', 'names'],
  queryFn: async ({ signal }) => {
    const { items } = await call(listUsers, { query: { limit: NAMES } }, { signal });
    return new Map(items.map(({ id, full_name }) => [id, full_name]));
  },
  staleTime: 60_000,
});
