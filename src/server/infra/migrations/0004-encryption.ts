import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** The keys of the tenants. A table of the installation: no statement of a tenant can name it. */
export async function createTenantKeys(db: Kysely<unknown>): Promise<void> {
  const { createTable, createIndex } = openTableMaker(db);
  await createTable(
    'tenant_key',
    {
      tenant_id: 'text not null',
      id: 'text not null',
      purpose: 'text not null',
      wrapped: 'text not null',
      master_key_id: 'text not null',
      created_at: 'text not null',
      replaced_at: 'text',
    },
    { key: ['tenant_id', 'id'], references: [{ columns: ['tenant_id'], table: 'tenant', key: ['id'] }] },
  );
  // Two processes that open a tenant at the same time agree on one key.
  await createIndex('tenant_key', ['tenant_id', 'purpose'], {
    name: 'tenant_key_present',
    unique: true,
    where: (index) => index.where('replaced_at', 'is', null),
  });
}
