import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { listApiKeys } from '../../contract/identity-api-keys.ts';
import { listProviders } from '../../contract/identity-providers.ts';
import { listShareLinks } from '../../contract/identity-shares.ts';
import { getPolicies, listTenants } from '../../contract/identity-tenants.ts';
import { listBreakGlass } from '../../contract/identity-users.ts';
import { call } from '../api.ts';

const PAGE_SIZE = 100;

export const emergencyQuery = infiniteQueryOptions({
  queryKey: ['break-glass'],
  queryFn: ({ pageParam, signal }) =>
    call(listBreakGlass, { query: { limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) } }, { signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
});
export const tenantsQuery = queryOptions({
  queryKey: ['tenants'],
  queryFn: ({ signal }) => call(listTenants, undefined, { signal }),
});
export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => call(listApiKeys, undefined, { signal }),
});
export const sharesQuery = queryOptions({
  queryKey: ['shares'],
  queryFn: ({ signal }) => call(listShareLinks, { query: {} }, { signal }),
});
export const providersQuery = queryOptions({
  queryKey: ['identity-providers'],
  queryFn: ({ signal }) => call(listProviders, undefined, { signal }),
});
export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => call(getPolicies, undefined, { signal }),
});
