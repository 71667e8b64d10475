import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Recommendations that are tracked, where reports and models disagree, and what a tenant adds to the knowledge of drugs. */
export async function createFollowUp(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  const ofStudy = { columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' } as const;
  await createTenantTable(
    'follow_up',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      report_id: 'text',
      rule: 'text not null',
      version: 'text not null',
      text: 'text not null',
      finding_ids: 'text not null',
      options: 'text not null',
      due_from: 'text',
      due_to: 'text',
      status: 'text not null',
      done_by_study: 'text',
      reason: 'text',
      closed_by: 'text',
      closed_at: 'text',
      created_at: 'text not null',
    },
    { key: ['id'], references: [ofStudy] },
  );
  await createTenantIndex('follow_up', ['status', 'due_to', 'id'], { name: 'follow_up_due' });
  await createTenantIndex('follow_up', ['study_instance_uid'], { name: 'follow_up_study' });
  await createTenantTable(
    'discordance',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      report_id: 'text not null',
      kind: 'text not null',
      observation: 'text not null',
      finding_ids: 'text not null',
      sentence: 'text',
      status: 'text not null',
      resolution: 'text',
      reason: 'text',
      resolved_by: 'text',
      resolved_at: 'text',
      created_at: 'text not null',
    },
    { key: ['id'], references: [ofStudy] },
  );
  await createTenantIndex('discordance', ['status', 'id'], { name: 'discordance_status' });
  await createTenantIndex('discordance', ['study_instance_uid'], { name: 'discordance_study' });
  await createTenantTable(
    'knowledge_source',
    {
      source: 'text not null',
      version: 'text not null',
      licence: 'text not null',
      valid_from: 'text not null',
      valid_until: 'text',
      sha256: 'text not null',
      /** The tables as they were imported, JSON by file name. */
      files: 'text not null',
      report: 'text not null',
      imported_by: 'text not null',
      imported_at: 'text not null',
    },
    { key: ['source'] },
  );
  await createTenantTable(
    'knowledge_override',
    {
      rule_id: 'text not null',
      severity: 'text',
      display: 'text',
      reason: 'text not null',
      requested_by: 'text not null',
      requested_by_name: 'text not null',
      requested_at: 'text not null',
      approved_by: 'text',
      approved_by_name: 'text',
      approved_at: 'text',
    },
    { key: ['rule_id'] },
  );
  await createTenantTable(
    'knowledge_check',
    {
      source: 'text not null',
      version: 'text not null',
      passed: 'integer not null',
      failures: 'text not null',
      checked_at: 'text not null',
    },
    { key: ['source'] },
  );
}
