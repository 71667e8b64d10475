import type { Selectable } from 'kysely';
import type { SystemDb } from '../platform/ports.ts';
import type { SystemTables } from '../platform/schema.ts';

export type TenantRow = Selectable<SystemTables['tenant']>;

export async function findTenant(db: SystemDb, id: string): Promise<TenantRow | undefined> {
  return db.selectFrom('tenant').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The active tenant that DICOM associations reach by this title. */
export async function findTenantByAeTitle(db: SystemDb, aeTitle: string): Promise<TenantRow | undefined> {
  return db.selectFrom('tenant').selectAll().where('ae_title', '=', aeTitle).where('is_active', '=', 1).executeTakeFirst();
}

/** Every tenant, inactive ones too: what they own is kept up all the same. */
export async function listTenants(db: SystemDb): Promise<TenantRow[]> {
  return db.selectFrom('tenant').selectAll().orderBy('id').execute();
}
