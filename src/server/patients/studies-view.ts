import { mayDo, type Principal, requirePermission } from '../platform/auth.ts';
import type { Db } from '../platform/ports.ts';
import type { OpenScope, Scope } from '../platform/scope.ts';

type Caller = { scope: Scope; principal: Principal };

/**
 * The view of a tenant in which somebody who sees the record of a patient sees studies, or their reports: his right to these may reach less
 * far, or not be there.
 */
export async function studiesView(
  openScope: OpenScope,
  { scope, principal }: Caller,
  permission: 'study:read' | 'report:read',
): Promise<Db> {
  if (!mayDo(principal, permission)) return (await openScope(scope.tenant_id, { kind: 'none' })).db;
  const { visibility } = requirePermission(principal, permission);
  return (await openScope(scope.tenant_id, visibility)).db;
}
