import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** What is sent to peers, storage commitment in both directions, the modality worklist, performed steps, and routing rules. */
export async function createDicomServices(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'forward',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      selection: 'text not null',
      peer_id: 'text not null',
      ae_title: 'text not null',
      status: 'text not null',
      total_count: 'integer not null',
      sent_count: 'integer not null',
      attempts: 'integer not null',
      next_attempt_at: 'text',
      last_error: 'text',
      commitment: 'text not null',
      rule_key: 'text',
      requested_by: 'text not null',
      created_at: 'text not null',
      finished_at: 'text',
    },
    { key: ['id'], unique: [['rule_key']] },
  );
  await createTenantIndex('forward', ['study_instance_uid']);
  await createTenantIndex('forward', ['status', 'id']);
  await createTenantTable(
    'forward_instance',
    { forward_id: 'text not null', sop_instance_uid: 'text not null', study_instance_uid: 'text not null', outcome: 'text not null' },
    {
      key: ['forward_id', 'sop_instance_uid'],
      references: [{ columns: ['forward_id'], table: 'forward', key: ['id'], onDelete: 'cascade' }],
    },
  );
  await createTenantIndex('forward_instance', ['study_instance_uid']);
  await createTenantTable(
    'commitment',
    {
      id: 'text not null',
      role: 'text not null',
      transaction_uid: 'text not null',
      ae_title: 'text not null',
      peer_id: 'text',
      forward_id: 'text',
      items: 'text not null',
      failures: 'text not null',
      status: 'text not null',
      attempts: 'integer not null',
      last_error: 'text',
      created_at: 'text not null',
      finished_at: 'text',
    },
    { key: ['id'], unique: [['role', 'ae_title', 'transaction_uid']] },
  );
  await createTenantIndex('commitment', ['forward_id']);
  await createTenantTable(
    'worklist_order',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      patient_id: 'text not null',
      accession_number: 'text not null',
      step_id: 'text not null',
      modality: 'text not null',
      station_ae_title: 'text not null',
      start_date: 'text not null',
      start_time: 'text not null',
      status: 'text not null',
      content: 'text not null',
      created_at: 'text not null',
      updated_at: 'text not null',
    },
    { key: ['id'], unique: [['study_instance_uid', 'step_id']] },
  );
  await createTenantIndex('worklist_order', ['status', 'start_date']);
  await createTenantIndex('worklist_order', ['start_date', 'id']);
  await createTenantIndex('worklist_order', ['patient_id']);
  await createTenantTable(
    'performed_step',
    {
      sop_instance_uid: 'text not null',
      study_instance_uid: 'text not null',
      order_id: 'text',
      ae_title: 'text not null',
      status: 'text not null',
      content: 'text not null',
      created_at: 'text not null',
      updated_at: 'text not null',
    },
    { key: ['sop_instance_uid'] },
  );
  await createTenantIndex('performed_step', ['study_instance_uid']);
  await createTenantIndex('performed_step', ['order_id']);
  await createTenantTable(
    'routing_rule',
    {
      id: 'text not null',
      name: 'text not null',
      position: 'integer not null',
      is_enabled: 'integer not null',
      occasion: 'text not null',
      conditions: 'text not null',
      actions: 'text not null',
      version: 'integer not null',
      created_at: 'text not null',
      updated_at: 'text not null',
    },
    { key: ['id'], unique: [['name']] },
  );
  await createTenantIndex('routing_rule', ['occasion', 'is_enabled']);
  await createTenantTable(
    'routing_act',
    {
      rule_id: 'text not null',
      version: 'integer not null',
      study_instance_uid: 'text not null',
      action: 'integer not null',
      outcome: 'text not null',
      reference: 'text',
      created_at: 'text not null',
    },
    { key: ['rule_id', 'version', 'study_instance_uid', 'action'] },
  );
  await createTenantIndex('routing_act', ['study_instance_uid']);
}
