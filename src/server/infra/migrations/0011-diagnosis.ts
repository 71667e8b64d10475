import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

const OF_DIAGNOSIS = { columns: ['diagnosis_id'], table: 'diagnosis', key: ['id'], onDelete: 'cascade' } as const;

/** Diagnoses, what their agents say, and what people do with them. Each names the patient, whose deletion takes it along. */
export async function createDiagnosis(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'diagnosis',
    {
      id: 'text not null',
      patient_key: 'text not null',
      status: 'text not null',
      priority: 'text not null',
      urgency: 'integer not null',
      symptoms: 'text not null',
      vital_signs: 'text not null',
      planned_exam: 'text',
      ai_config: 'text not null',
      version: 'integer not null',
      created_by: 'text not null',
      created_at: 'text not null',
      updated_at: 'text not null',
      started_at: 'text',
      completed_at: 'text',
    },
    { key: ['id'], references: [{ columns: ['patient_key'], table: 'patient', key: ['id'], onDelete: 'cascade' }] },
  );
  await createTenantIndex('diagnosis', ['created_at', 'id'], { name: 'diagnosis_newest' });
  await createTenantIndex('diagnosis', ['patient_key', 'created_at', 'id'], { name: 'diagnosis_patient' });
  await createTenantIndex('diagnosis', ['status', 'urgency', 'created_at'], { name: 'diagnosis_queue' });
  // Without a reference to the study: a study in the recycle bin comes back to its diagnosis.
  await createTenantTable(
    'diagnosis_image',
    {
      id: 'text not null',
      diagnosis_id: 'text not null',
      patient_key: 'text not null',
      study_instance_uid: 'text not null',
      sop_instance_uid: 'text not null',
      added_at: 'text not null',
    },
    { key: ['id'], references: [OF_DIAGNOSIS] },
  );
  const image = ['diagnosis_id', 'study_instance_uid', 'sop_instance_uid'];
  await createTenantIndex('diagnosis_image', image, { name: 'diagnosis_image_once', unique: true });
  await createTenantIndex('diagnosis_image', ['study_instance_uid']);
  await createTenantTable(
    'agent_report',
    {
      id: 'text not null',
      diagnosis_id: 'text not null',
      agent: 'text not null',
      patient_key: 'text not null',
      run_key: 'text not null',
      status: 'text not null',
      outcome: 'text',
      reason: 'text',
      progress: 'integer not null',
      failures: 'integer not null',
      report: 'text',
      started_at: 'text',
      finished_at: 'text',
      duration_ms: 'real',
      updated_at: 'text not null',
    },
    { key: ['id'], unique: [['diagnosis_id', 'agent']], references: [OF_DIAGNOSIS] },
  );
  await createTenantIndex('agent_report', ['agent', 'status', 'finished_at'], { name: 'agent_report_state' });
  await createTenantTable(
    'diagnosis_step',
    {
      id: 'text not null',
      diagnosis_id: 'text not null',
      number: 'integer not null',
      patient_key: 'text not null',
      at: 'text not null',
      type: 'text not null',
      actor: 'text not null',
      data: 'text not null',
    },
    { key: ['id'], unique: [['diagnosis_id', 'number']], references: [OF_DIAGNOSIS] },
  );
  await createTenantTable(
    'diagnosis_comment',
    {
      id: 'text not null',
      diagnosis_id: 'text not null',
      patient_key: 'text not null',
      text: 'text not null',
      mentions: 'text not null',
      author_id: 'text not null',
      author_name: 'text not null',
      created_at: 'text not null',
    },
    { key: ['id'], references: [OF_DIAGNOSIS] },
  );
  await createTenantIndex('diagnosis_comment', ['diagnosis_id', 'id']);
}
