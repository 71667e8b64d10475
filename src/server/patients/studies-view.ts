import { mayDo, type Principal, requirePermission } from '../platform/auth.ts';
import type { Db } from '../platform/ports.ts';
import type { OpenScope, Scope } from '../platform/scope.ts';

type Caller = { scope: Scope; principal: Principal };

/**
 * The view of a tenant in which somebody who sees the record of a patient sees studies, or their reports: his right to these may reach less
 * far, or not be there.
 */
export async function studiesView(openScope: OpenScope, caller: Caller, permission: 'study:read' | 'report:read'): Promise<Db> {
  return (await studiesScope(openScope, caller, permission)).db;
}

/** The scope of that view. */
export async function studiesScope(
  openScope: OpenScope,
  { scope, principal }: Caller,
  permission: 'study:read' | 'report:read',
): Promise<Scope> {
  if (!mayDo(principal, permission)) return openScope(scope.tenant_id, { kind: 'none' });
  return openScope(scope.tenant_id, requirePermission(principal, permission).visibility);
}
