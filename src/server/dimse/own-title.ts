import type { SystemDb } from '../platform/ports.ts';
import { findTenant } from '../tenants/queries.ts';

/** By which title a tenant calls others. */
export async function ownTitle(
  { systemDb, config }: { systemDb: SystemDb; config: { aeTitle: string } },
  tenantId: string,
): Promise<string> {
  return (await findTenant(systemDb, tenantId))?.ae_title ?? config.aeTitle;
}
