import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Unified Procedure Steps: the worklist, who listens to it, and what they are yet to be told. */
export async function createWorkitems(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable(
    'workitem',
    {
      sop_instance_uid: 'text not null',
      study_instance_uid: 'text',
      state: 'text not null',
      transaction_uid: 'text',
      performer: 'text',
      input_digest: 'text',
      start_at: 'text not null',
      attributes: 'text not null',
      revision: 'integer not null',
      created_at: 'text not null',
      finished_at: 'text',
    },
    { key: ['sop_instance_uid'] },
  );
  await createTenantIndex('workitem', ['start_at', 'sop_instance_uid']);
  await createTenantIndex('workitem', ['state', 'start_at', 'sop_instance_uid'], { name: 'workitem_state' });
  await createTenantIndex('workitem', ['study_instance_uid']);
  await createTenantTable(
    'workitem_subscriber',
    {
      workitem_uid: 'text not null',
      ae_title: 'text not null',
      deletion_lock: 'integer not null',
      filter: 'text',
      is_suspended: 'integer not null',
    },
    { key: ['workitem_uid', 'ae_title'] },
  );
  await createTenantIndex('workitem_subscriber', ['ae_title']);
  await createTenantTable('workitem_event', {
    seq: 'numbered',
    ae_title: 'text not null',
    payload: 'text not null',
    created_at: 'text not null',
  });
  await createTenantIndex('workitem_event', ['ae_title', 'seq']);
}
