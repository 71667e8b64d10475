import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Diagnoses that are being put together, every decision on a finding with what it changed, and whose a report template is. */
export async function createDeskHistory(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'diagnosis_draft',
    {
      id: 'text not null',
      user_id: 'text not null',
      patient_key: 'text not null',
      content: 'text not null',
      updated_at: 'text not null',
    },
    {
      key: ['id'],
      unique: [['user_id', 'patient_key']],
      references: [{ columns: ['user_id'], table: 'app_user', key: ['id'], onDelete: 'cascade' }],
    },
  );
  await createTenantIndex('diagnosis_draft', ['patient_key'], { name: 'diagnosis_draft_patient' });
  await createTenantIndex('diagnosis_draft', ['updated_at'], { name: 'diagnosis_draft_age' });
  // What the model said, of a finding that a reader has corrected.
  await db.schema.alterTable('finding').addColumn('proposed', 'text').execute();
  await createTenantTable(
    'finding_decision',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      finding_id: 'text not null',
      decision: 'text not null',
      title: 'text not null',
      text: 'text',
      reason: 'text',
      corrections: 'text not null',
      decided_by: 'text not null',
      decided_at: 'text not null',
    },
    {
      key: ['id'],
      references: [
        { columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' },
        { columns: ['finding_id'], table: 'finding', key: ['id'], onDelete: 'cascade' },
      ],
    },
  );
  await createTenantIndex('finding_decision', ['finding_id', 'id'], { name: 'finding_decision_finding' });
  await createTenantIndex('finding_decision', ['study_instance_uid'], { name: 'finding_decision_study' });
  await db.schema
    .alterTable('report_template')
    .addColumn('owner', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await db.schema.alterTable('report_template').addColumn('retired_at', 'text').execute();
}
