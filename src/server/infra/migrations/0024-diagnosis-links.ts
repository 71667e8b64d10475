import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Links that show the results of a diagnosis to whoever has them (E-29); `share_link_id` of a session may be one of them. */
export async function createDiagnosisLinks(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex, createIndex } = openTableMaker(db);
  await createTenantTable(
    'diagnosis_link',
    {
      id: 'text not null',
      secret_hash: 'text not null',
      diagnosis_id: 'text not null',
      patient_key: 'text not null',
      note: 'text not null',
      password_hash: 'text',
      created_by: 'text not null',
      created_at: 'text not null',
      expires_at: 'text not null',
      last_used_at: 'text',
      uses: 'integer not null',
      revoked_at: 'text',
    },
    { key: ['id'], references: [{ columns: ['diagnosis_id'], table: 'diagnosis', key: ['id'], onDelete: 'cascade' }] },
  );
  // Looked up before the tenant is known.
  await createIndex('diagnosis_link', ['secret_hash'], { unique: true });
  await createTenantIndex('diagnosis_link', ['diagnosis_id', 'created_at'], { name: 'diagnosis_link_diagnosis' });
  await createTenantIndex('diagnosis_link', ['patient_key'], { name: 'diagnosis_link_patient' });
}
