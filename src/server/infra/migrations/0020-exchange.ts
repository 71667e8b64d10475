import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Who sent a study, and what is fetched from peers. */
export async function createExchange(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'study_source',
    { study_instance_uid: 'text not null', ae_title: 'text not null', created_at: 'text not null' },
    {
      key: ['study_instance_uid', 'ae_title'],
      references: [{ columns: ['study_instance_uid'], table: 'study', onDelete: 'cascade' }],
    },
  );
  await createTenantTable(
    'retrieval',
    {
      id: 'text not null',
      peer_id: 'text not null',
      ae_title: 'text not null',
      study_instance_uid: 'text not null',
      series_instance_uid: 'text',
      sop_instance_uid: 'text',
      method: 'text not null',
      status: 'text not null',
      remaining: 'integer',
      completed: 'integer not null',
      failed: 'integer not null',
      warning: 'integer not null',
      detail: 'text',
      requested_by: 'text not null',
      created_at: 'text not null',
      finished_at: 'text',
    },
    { key: ['id'] },
  );
  await createTenantIndex('retrieval', ['study_instance_uid'], { name: 'retrieval_study' });
}
