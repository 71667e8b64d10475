import { mayDo, type Principal, requirePermission } from '../platform/auth.ts';
import type { Db } from '../platform/ports.ts';
import type { OpenScope, Scope } from '../platform/scope.ts';

/** The view of a tenant in which somebody who sees the record of a patient sees studies: his right to these may reach less far. */
export async function studiesView(openScope: OpenScope, { scope, principal }: { scope: Scope; principal: Principal }): Promise<Db> {
  if (!mayDo(principal, 'study:read')) return (await openScope(scope.tenant_id, { kind: 'none' })).db;
  const { visibility } = requirePermission(principal, 'study:read');
  return (await openScope(scope.tenant_id, visibility)).db;
}
