import type { Input } from '../../contract/endpoint.ts';
import type { NewTenant, Policies, Tenant, updateTenant } from '../../contract/identity-tenants.ts';
import { AppError } from '../platform/errors.ts';
import type { Scope } from '../platform/scope.ts';
import { DEFAULT_TENANT } from '../platform/scope.ts';
import { changeTenant } from '../tenants/change-tenant.ts';
import { createTenant } from '../tenants/create-tenant.ts';
import type { TenantRow } from '../tenants/queries.ts';
import { tellAccessChanged } from './access-changes.ts';
import type { Identity } from './identity.ts';
import { type IssuedLink, issueInvitation } from './one-time-links.ts';
import { readPolicies, writePolicies } from './policies.ts';
import { deleteSessionsOfRole, demandFactors } from './session-repository.ts';

/**
 * Makes a tenant and an invitation for its first administrator.
 *
 * @throws {AppError} `wrong-state` if the id or the title is taken
 */
export async function makeTenant(
  identity: Pick<Identity, 'systemDb' | 'now'> & { config: { aeTitle: string }; scope(tenantId: string): Promise<Pick<Scope, 'db'>> },
  { id, name, ae_title }: NewTenant,
  createdBy: string,
): Promise<{ tenant: Tenant; administrator: IssuedLink }> {
  const row = await createTenant(identity, { id, name, aeTitle: ae_title });
  const { db } = await identity.scope(id);
  const content = { role: 'admin', full_name: null, email: null, patient_id: null } as const;
  const administrator = await db.transaction().execute((tx) => issueInvitation(identity, tx, { content, createdBy }));
  return { tenant: tenantOf(row), administrator };
}

/**
 * Renames a tenant, or suspends it. Its sessions and keys stay, and count for nothing while it is suspended.
 *
 * @throws {AppError} `not-found`, `wrong-state` for the first tenant or a title that is taken
 */
export async function reviseTenant(
  identity: Pick<Identity, 'systemDb' | 'now'> & { config: { aeTitle: string }; scope(tenantId: string): Promise<Pick<Scope, 'db'>> },
  id: string,
  change: Input<typeof updateTenant>['body'],
): Promise<Tenant> {
  if (id === DEFAULT_TENANT && change.is_active === false)
    throw new AppError('wrong-state', 'The first tenant holds the administrators of the installation and cannot be suspended');
  const tenant = tenantOf(await changeTenant(identity, id, change));
  const { db } = await identity.scope(id);
  if (!tenant.is_active) await db.transaction().execute((tx) => tellAccessChanged(tx, identity.now()));
  return tenant;
}

/** Changes rules; what they end ends at once. */
export async function revisePolicies(
  { config, now }: Pick<Identity, 'config' | 'now'>,
  { db }: Pick<Scope, 'db'>,
  change: Partial<Policies>,
): Promise<Policies> {
  return db.transaction().execute(async (tx) => {
    const policies = { ...(await readPolicies(tx, config)), ...change };
    await writePolicies(tx, policies);
    await demandFactors(tx, policies.mfa_required);
    if (!policies.patient_portal) await deleteSessionsOfRole(tx, 'patient');
    await tellAccessChanged(tx, now());
    return readPolicies(tx, config);
  });
}

export function tenantOf({ is_active, ...row }: TenantRow): Tenant {
  return { ...row, is_active: is_active === 1 };
}
