import type { Kysely } from 'kysely';
import { openTableMaker, type TableMaker } from './table-maker.ts';

const OF_PATIENT = { columns: ['patient_key'], table: 'patient', key: ['id'], onDelete: 'cascade' } as const;

/** The structured record of a patient, the names by which patients are known and found. */
export async function createPatientRecords(db: Kysely<unknown>): Promise<void> {
  const make = openTableMaker(db);
  await createRecord(make);
  await createNames(make);
  await createDocuments(make);
  await createMerges(make);
}

async function createRecord({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
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
    { key: ['id'], references: [OF_PATIENT] },
  );
  await createTenantIndex('record_entry', ['patient_key', 'kind', 'started_at'], { name: 'record_entry_patient' });
  // A second import of the same fact changes the first.
  await createTenantIndex('record_entry', ['patient_key', 'source', 'source_id'], {
    name: 'record_entry_source',
    unique: true,
    where: (index) => index.where('source_id', 'is not', null),
  });
  await createTenantTable(
    'record_term',
    { term: 'text not null', patient_key: 'text not null', entry_id: 'text not null' },
    {
      key: ['term', 'patient_key', 'entry_id'],
      references: [OF_PATIENT, { columns: ['entry_id'], table: 'record_entry', key: ['id'], onDelete: 'cascade' }],
    },
  );
  await createTenantIndex('record_term', ['patient_key', 'term'], { name: 'record_term_patient' });
  await createTenantIndex('record_term', ['entry_id'], { name: 'record_term_entry' });
}

async function createNames({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'patient_identity',
    {
      identity_key: 'text not null',
      patient_key: 'text not null',
      patient_id: 'text not null',
      issuer: 'text not null',
      created_at: 'text not null',
    },
    { key: ['identity_key'], references: [OF_PATIENT] },
  );
  await createTenantIndex('patient_identity', ['patient_key'], { name: 'patient_identity_patient' });
  await createTenantIndex('patient_identity', ['patient_id', 'issuer'], { name: 'patient_identity_number' });
  await createTenantTable(
    'patient_term',
    { term: 'text not null', patient_key: 'text not null' },
    { key: ['term', 'patient_key'], references: [OF_PATIENT] },
  );
  await createTenantIndex('patient_term', ['patient_key', 'term'], { name: 'patient_term_patient' });
}

async function createDocuments({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'patient_document',
    {
      id: 'text not null',
      patient_key: 'text not null',
      title: 'text not null',
      category: 'text',
      document_date: 'text',
      media_type: 'text not null',
      size: 'big not null',
      blob_key: 'text not null',
      study_instance_uid: 'text',
      sop_instance_uid: 'text',
      uploaded_by: 'text not null',
      created_at: 'text not null',
    },
    { key: ['id'], references: [OF_PATIENT] },
  );
  await createTenantIndex('patient_document', ['patient_key', 'id'], { name: 'patient_document_patient' });
  await createTenantIndex('patient_document', ['blob_key'], { name: 'patient_document_blob' });
}

/** About two records, of which one may be in the recycle bin while the other returns: so without references. */
async function createMerges({ createTenantTable, createTenantIndex }: TableMaker): Promise<void> {
  await createTenantTable(
    'patient_merge',
    {
      id: 'text not null',
      patient_key: 'text not null',
      source_key: 'text not null',
      moved: 'text not null',
      merged_by: 'text not null',
      merged_at: 'text not null',
      undone_by: 'text',
      undone_at: 'text',
    },
    { key: ['id'] },
  );
  await createTenantIndex('patient_merge', ['patient_key', 'id'], { name: 'patient_merge_patient' });
  await createTenantIndex('patient_merge', ['source_key']);
  await createTenantTable(
    'patient_match',
    {
      id: 'text not null',
      patient_key: 'text not null',
      other_key: 'text not null',
      rule: 'text not null',
      status: 'text not null',
      decided_by: 'text',
      decided_at: 'text',
      created_at: 'text not null',
    },
    { key: ['id'], unique: [['patient_key', 'other_key']] },
  );
  await createTenantIndex('patient_match', ['status', 'id'], { name: 'patient_match_open' });
  await createTenantIndex('patient_match', ['other_key']);
}
