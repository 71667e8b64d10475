import { useQuery } from '@tanstack/react-query';
import type { GrantedPermission } from '../contract/permission.ts';
import { whoAmIQuery } from './queries.ts';

/** Whether the person may do something; undefined until the server has said what the person may do. */
export function useRights(): ((permission: GrantedPermission) => boolean) | undefined {
  const { data } = useQuery(whoAmIQuery);
  return data && ((permission) => data.permissions.includes(permission));
}
