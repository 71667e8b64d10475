import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** The structured record of a patient. */
export async function createPatientRecords(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'record_entry',
    {
      id: 'text not null',
      patient_key: 'text not null',
      kind: 'text not null',
      codes: 'text not null',
      text: 'text not null',
      status: 'text not null',
      started_at: 'text',
      ended_at: 'text',
      value: 'real',
      unit: 'text',
      value_text: 'text',
      details: 'text not null',
      source: 'text not null',
      source_id: 'text',
      recorded_at: 'text not null',
    },
    { key: ['id'], references: [{ columns: ['patient_key'], table: 'patient', key: ['id'], onDelete: 'cascade' }] },
  );
  await createTenantIndex('record_entry', ['patient_key', 'kind', 'started_at'], { name: 'record_entry_patient' });
}
