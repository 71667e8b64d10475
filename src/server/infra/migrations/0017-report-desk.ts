import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** What a reader writes with: evidence of sentences, templates, macros, addenda and critical results. */
export async function createReportDesk(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  for (const column of ['statements', 'acknowledged']) await db.schema.alterTable('report').addColumn(column, 'text').execute();
  await db.schema
    .alterTable('report')
    .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  const ofStudy = { columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' } as const;
  await createTenantTable(
    'report_addendum',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      report_id: 'text not null',
      number: 'integer not null',
      status: 'text not null',
      text: 'text not null',
      signed_content: 'text',
      content_sha256: 'text',
      signed_by: 'text',
      signed_at: 'text',
      signature_meaning: 'text',
      created_at: 'text not null',
      updated_at: 'text not null',
    },
    {
      key: ['id'],
      unique: [['report_id', 'number']],
      references: [ofStudy, { columns: ['report_id'], table: 'report', key: ['id'], onDelete: 'cascade' }],
    },
  );
  await createTenantIndex('report_addendum', ['study_instance_uid'], { name: 'report_addendum_study' });
  await createTenantTable(
    'critical_result',
    {
      id: 'text not null',
      study_instance_uid: 'text not null',
      finding_id: 'text',
      category: 'text not null',
      text: 'text not null',
      status: 'text not null',
      due_at: 'text not null',
      marked_by: 'text not null',
      marked_at: 'text not null',
      told_to: 'text',
      told_by: 'text',
      told_at: 'text',
      told_how: 'text',
      read_back: 'integer not null',
      acknowledged_by: 'text',
      acknowledged_at: 'text',
      reason: 'text',
    },
    { key: ['id'], references: [ofStudy] },
  );
  await createTenantIndex('critical_result', ['status', 'due_at', 'id'], { name: 'critical_result_due' });
  await createTenantIndex('critical_result', ['study_instance_uid'], { name: 'critical_result_study' });
  await createTenantTable(
    'report_template',
    {
      id: 'text not null',
      locale: 'text not null',
      name: 'text not null',
      modality: 'text',
      body_part: 'text',
      sections: 'text not null',
      updated_by: 'text not null',
      updated_at: 'text not null',
    },
    { key: ['id'] },
  );
  await createTenantTable(
    'report_macro',
    {
      id: 'text not null',
      /** Of the account; empty: the tenant's. */
      owner: 'text not null',
      code: 'text not null',
      /** Empty: of every language. */
      locale: 'text not null',
      text: 'text not null',
      updated_at: 'text not null',
    },
    { key: ['id'], unique: [['owner', 'code', 'locale']] },
  );
}
