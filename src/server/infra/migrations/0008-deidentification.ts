import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** De-identified copies that were asked for, and the tenant's secret for their pseudonyms. */
export async function createDeidentification(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable('pseudonym_key', { id: 'text not null', secret: 'text not null', created_at: 'text not null' }, { key: ['id'] });
  await createTenantTable(
    'deidentification',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      options: 'text not null',
      project: 'text not null',
      patient_id: 'text',
      secret: 'text',
      status: 'text not null',
      result_study_instance_uid: 'text',
      stored_count: 'integer not null',
      refused: 'text not null',
      report_blob_key: 'text',
      requested_by: 'text not null',
      created_at: 'text not null',
      finished_at: 'text',
    },
    {
      key: ['id'],
      references: [{ columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' }],
    },
  );
  await createTenantIndex('deidentification', ['study_instance_uid', 'created_at']);
}
