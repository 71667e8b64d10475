import { type Config, readConfig } from '../server/config.ts';
import { type Deps, openDeps } from '../server/deps.ts';
import { DEFAULT_TENANT, type Scope } from '../server/platform/scope.ts';
import { findTenant } from '../server/tenants/queries.ts';
import { UsageError } from './usage-error.ts';

/** Everything that is open, and one tenant's part of it. */
export type TenantDeps = Omit<Deps, keyof Scope> & Scope;

/** The option of every command that works for one tenant. */
export const TENANT_OPTION = { tenant: { type: 'string' } } as const;

/**
 * Opens what the configuration names, for one tenant: the default one unless told.
 *
 * @throws {UsageError} if there is no such tenant
 */
export async function openTenant(tenantId = DEFAULT_TENANT, config: Config = readConfig(process.env)): Promise<TenantDeps> {
  const deps = await openDeps(config);
  try {
    if (!(await findTenant(deps.systemDb, tenantId))) throw new UsageError(`There is no tenant ${tenantId}`);
    return { ...deps, ...(await deps.scope(tenantId)) };
  } catch (error) {
    await deps.close();
    throw error;
  }
}
