import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** The recycle bin, retention holds, and erasures with their approvals. */
export async function createPrivacy(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'recycled',
    {
      id: 'text not null',
      study_instance_uid: 'text',
      patient_key: 'text not null',
      patient_id: 'text not null',
      patient_name: 'text not null',
      study_count: 'integer not null',
      instance_count: 'integer not null',
      deleted_by: 'text not null',
      deleted_at: 'text not null',
      purge_after: 'text not null',
    },
    { key: ['id'] },
  );
  await createTenantIndex('recycled', ['deleted_at', 'id'], { name: 'recycled_deleted' });
  await createTenantIndex('recycled', ['patient_key']);
  const ofRecycled = { columns: ['recycled_id'], table: 'recycled', key: ['id'], onDelete: 'cascade' } as const;
  await createTenantTable(
    'recycled_row',
    { recycled_id: 'text not null', number: 'integer not null', table_name: 'text not null', content: 'text not null' },
    { key: ['recycled_id', 'number'], references: [ofRecycled] },
  );
  await createTenantTable(
    'recycled_blob',
    { recycled_id: 'text not null', blob_key: 'text not null' },
    { key: ['recycled_id', 'blob_key'], references: [ofRecycled] },
  );
  await createTenantIndex('recycled_blob', ['blob_key']);

  await createTenantTable(
    'retention_hold',
    {
      id: 'text not null',
      patient_key: 'text not null',
      reason: 'text not null',
      placed_by: 'text not null',
      placed_at: 'text not null',
      released_by: 'text',
      released_at: 'text',
    },
    { key: ['id'] },
  );
  await createTenantIndex('retention_hold', ['patient_key']);

  await createTenantTable(
    'erasure',
    {
      id: 'text not null',
      patient_key: 'text',
      pseudonym: 'text not null',
      reason: 'text not null',
      status: 'text not null',
      requested_by: 'text not null',
      requested_at: 'text not null',
      finished_at: 'text',
      study_count: 'integer',
      instance_count: 'integer',
    },
    { key: ['id'] },
  );
  await createTenantIndex('erasure', ['requested_at', 'id'], { name: 'erasure_requested' });
  // One at a time for a patient.
  await createTenantIndex('erasure', ['patient_key'], { unique: true, where: (index) => index.where('patient_key', 'is not', null) });
  await createTenantTable(
    'erasure_approval',
    { erasure_id: 'text not null', user_id: 'text not null', approved_at: 'text not null' },
    {
      key: ['erasure_id', 'user_id'],
      references: [{ columns: ['erasure_id'], table: 'erasure', key: ['id'], onDelete: 'cascade' }],
    },
  );
}
