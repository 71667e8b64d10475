import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/**
 * Numbers events in the order of their commits (docs/adr/0014): the numbers of SQLite are that already, because one transaction writes at a
 * time. On PostgreSQL the number that a row was inserted with gives way, at the end of its transaction, to one that is drawn under a lock which
 * is held until the transaction can be seen. What was there before keeps its number.
 */
export async function createLive(db: Kysely<unknown>): Promise<void> {
  const { createTable, createTenantTable, createTenantIndex } = openTableMaker(db);
  await createTable('event_horizon', { id: 'text not null', seq: 'big not null' }, { key: ['id'] });
  const metric = { span: 'text not null', at: 'text not null', process: 'text not null', sample: 'text not null' } as const;
  await createTable('system_metric', metric, { key: ['span', 'at', 'process'] });
  await createTenantTable(
    'webhook',
    {
      id: 'text not null',
      url: 'text not null',
      event_types: 'text not null',
      secret: 'text not null',
      cursor: 'big not null',
      created_at: 'text not null',
    },
    { key: ['id'] },
  );
  await createTenantTable(
    'webhook_delivery',
    {
      id: 'text not null',
      webhook_id: 'text not null',
      seq: 'big not null',
      type: 'text not null',
      status: 'text not null',
      attempts: 'integer not null',
      last_error: 'text',
      created_at: 'text not null',
      finished_at: 'text',
    },
    { key: ['id'], references: [{ columns: ['webhook_id'], table: 'webhook', key: ['id'], onDelete: 'cascade' }] },
  );
  await createTenantIndex('webhook_delivery', ['webhook_id', 'status', 'seq'], { name: 'webhook_delivery_webhook' });
  if (db.getExecutor().adapter instanceof PostgresAdapter) await numberAtCommit(db);
}

/** The function sees all tenants: one transaction may have written for several. */
async function numberAtCommit(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function number_event() returns trigger language plpgsql
    set search_path from current as $$
    declare told text := current_setting('isocenter.tenant', true);
    begin
      perform pg_advisory_xact_lock(hashtextextended('isocenter.event', 0));
      perform set_config('isocenter.tenant', '*', true);
      update event set seq = nextval(pg_get_serial_sequence('event', 'seq')) where seq = new.seq;
      perform set_config('isocenter.tenant', coalesce(told, ''), true);
      perform pg_notify('isocenter_event', '');
      return null;
    end $$`.execute(db);
  await sql`
    create constraint trigger number_event after insert on event
    deferrable initially deferred for each row execute function number_event()`.execute(db);
}
