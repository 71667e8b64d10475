import { AppError } from '../platform/errors.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { TenantRow } from './queries.ts';
import { insertTenant } from './repository.ts';

/** It is part of addresses, of keys and of the name of a folder. */
const TENANT_ID = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export type NewTenant = { id: string; name: string; aeTitle?: string | undefined };

/**
 * Makes a tenant, empty.
 *
 * @throws {AppError} `invalid-request` for an id of other characters, `wrong-state` if its id or its title is taken
 */
export async function createTenant(
  { systemDb, now, config }: { systemDb: SystemDb; now: () => Date; config: { aeTitle: string } },
  { id, name, aeTitle }: NewTenant,
): Promise<TenantRow> {
  if (!TENANT_ID.test(id))
    throw new AppError('invalid-request', 'A tenant has an id of up to 40 of a-z, 0-9 and hyphens, with none at the ends', {
      fields: [{ field: 'body/id', message: 'not a tenant id' }],
    });
  const row: TenantRow = { id, name, ae_title: aeTitle ?? null, is_active: 1, created_at: now().toISOString() };
  // The configured title is that of the default tenant.
  if (aeTitle === config.aeTitle || !(await insertTenant(systemDb, row)))
    throw new AppError('wrong-state', 'A tenant with this id or application entity title is there already');
  return row;
}
