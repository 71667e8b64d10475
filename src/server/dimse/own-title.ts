import type { SystemDb } from '../platform/ports.ts';
import { findTenant } from '../tenants/queries.ts';

/** Where the titles of tenants are told. */
export type TitleDeps = { systemDb: SystemDb; config: { aeTitle: string } };

/** By which title a tenant calls others. */
export async function ownTitle({ systemDb, config }: TitleDeps, tenantId: string): Promise<string> {
  return (await findTenant(systemDb, tenantId))?.ae_title ?? config.aeTitle;
}
