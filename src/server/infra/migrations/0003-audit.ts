import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** The audit trail: a chain of entries for each tenant, its end, signed checkpoints, and how far receivers outside were told. */
export async function createAudit(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTenantTable('audit_head', { seq: 'big not null', hash: 'text not null' }, { key: [] });
  await createTenantTable(
    'audit_entry',
    {
      seq: 'big not null',
      at: 'text not null',
      actor_kind: 'text not null',
      actor_id: 'text',
      actor_name: 'text',
      actor_role: 'text',
      action: 'text not null',
      operation: 'text not null',
      object_type: 'text',
      object_id: 'text',
      study_instance_uid: 'text',
      patient: 'text',
      purpose: 'text',
      outcome: 'text not null',
      reason: 'text',
      source: 'text',
      request_id: 'text',
      details: 'text not null',
      previous_hash: 'text not null',
      hash: 'text not null',
    },
    { key: ['seq'] },
  );
  // Each is read from its end, by time.
  await createTenantIndex('audit_entry', ['at', 'seq']);
  for (const column of ['actor_id', 'patient', 'study_instance_uid', 'object_id', 'request_id'])
    await createTenantIndex('audit_entry', [column, 'at', 'seq'], { where: (index) => index.where(sql.ref(column), 'is not', null) });
  await createTenantTable(
    'audit_checkpoint',
    {
      number: 'big not null',
      seq: 'big not null',
      hash: 'text not null',
      at: 'text not null',
      intact: 'integer not null',
      previous_checkpoint: 'text not null',
      key_id: 'text not null',
      signature: 'text not null',
    },
    { key: ['number'] },
  );
  await createTenantIndex('audit_checkpoint', ['seq']);
  await createTenantTable('audit_cursor', { sink: 'text not null', position: 'big not null' }, { key: ['sink'] });
  await (db.getExecutor().adapter instanceof PostgresAdapter ? guardInPostgres(db) : guardInSqlite(db));
}

/**
 * A mistake in the program cannot change an entry, nor remove one that no checkpoint vouches for. Against who may alter tables there are
 * the hashes and the signatures.
 */
async function guardInSqlite(db: Kysely<unknown>): Promise<void> {
  await sql`create trigger audit_entry_unchanged before update on audit_entry begin
    select raise(abort, 'an audit entry is never changed');
  end`.execute(db);
  await sql`create trigger audit_entry_vouched before delete on audit_entry
    when not exists (select 1 from audit_checkpoint where tenant_id = old.tenant_id and seq >= old.seq) begin
    select raise(abort, 'an audit entry without a checkpoint is not removed');
  end`.execute(db);
}

async function guardInPostgres(db: Kysely<unknown>): Promise<void> {
  await sql`create function audit_entry_guard() returns trigger language plpgsql as $$ begin
    if tg_op = 'UPDATE' then raise exception 'an audit entry is never changed'; end if;
    if not exists (select 1 from audit_checkpoint where tenant_id = old.tenant_id and seq >= old.seq) then
      raise exception 'an audit entry without a checkpoint is not removed';
    end if;
    return old;
  end $$`.execute(db);
  await sql`create trigger audit_entry_guard before update or delete on audit_entry
    for each row execute function audit_entry_guard()`.execute(db);
}
