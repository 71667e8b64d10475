import { queryOptions, useQuery } from '@tanstack/react-query';
import { getWhoAmI } from '../contract/identity.ts';
import type { GrantedPermission } from '../contract/permission.ts';
import { call } from './api.ts';

/** Rights change seldom, and the server decides at each request anyway. */
const FRESH_MS = 60_000;

const whoAmIQuery = queryOptions({
  queryKey: ['whoami'],
  queryFn: ({ signal }) => call(getWhoAmI, undefined, { signal }),
  staleTime: FRESH_MS,
});

/** Whether the person may do something; undefined until the server has said what the person may do. */
export function useRights(): ((permission: GrantedPermission) => boolean) | undefined {
  const { data } = useQuery(whoAmIQuery);
  return data && ((permission) => data.permissions.includes(permission));
}
