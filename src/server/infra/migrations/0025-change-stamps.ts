import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Those of `STAMPED_TABLES` and `KEY_TABLE` when this was released. */
const TABLES = [
  'agent_report',
  'analysis',
  'diagnosis',
  'diagnosis_image',
  'discordance',
  'finding',
  'patient',
  'record_entry',
  'record_term',
  'report',
  'setting',
  'study',
  'study_assignment',
  'study_label',
  'tenant_key',
] as const;

/**
 * Each transaction that changes one of these tables leaves a stamp that nobody had before, for the tenant and the table, and is seen with it
 * or not at all: whoever finds the stamps that he knows, knows that nothing was changed since (docs/adr/0023). Whoever writes, by whatever
 * code, leaves it.
 */
export async function createChangeStamps(db: Kysely<unknown>): Promise<void> {
  const { createTable } = openTableMaker(db);
  await createTable(
    'change_stamp',
    { owner: 'text not null', name: 'text not null', slot: 'big not null', stamp: 'text not null' },
    { key: ['owner', 'name', 'slot'] },
  );
  if (db.getExecutor().adapter instanceof PostgresAdapter) await stampStatements(db);
  else await stampRows(db);
}

/** One transaction writes at a time: one slot. */
async function stampRows(db: Kysely<unknown>): Promise<void> {
  for (const table of TABLES) {
    for (const [act, row] of [
      ['insert', 'new'],
      ['update', 'new'],
      ['delete', 'old'],
    ]) {
      await sql
        .raw(
          `create trigger ${table}_${act}_stamp after ${act} on ${table} begin
            insert into change_stamp (owner, name, slot, stamp)
            values (${row}.tenant_id, '${table}', 0, lower(hex(randomblob(16))))
            on conflict (owner, name, slot) do update set stamp = excluded.stamp;
          end`,
        )
        .execute(db);
    }
  }
}

/**
 * Writers do not wait for each other: each takes a slot that no other one holds at the moment, or makes one. A slot is free when the
 * transaction that wrote it has ended, so what is there has been seen, and there are never more slots than there were writers at a time. A
 * transaction stamps a table once.
 */
async function stampStatements(db: Kysely<unknown>): Promise<void> {
  // Room in each page, so that a slot is written in its place.
  await sql`alter table change_stamp set (fillfactor = 40)`.execute(db);
  await sql`
    create function stamp_change() returns trigger language plpgsql
    set search_path from current as $$
    declare
      told text := coalesce(nullif(current_setting('isocenter.tenant', true), ''), '*');
      table_name text := tg_argv[0];
      mark text := ';' || told || ' ' || table_name || ';';
      stamped text := coalesce(current_setting('isocenter.stamped', true), '');
      free bigint;
    begin
      if strpos(stamped, mark) > 0 then return null; end if;
      select slot into free from change_stamp where owner = told and name = table_name limit 1 for update skip locked;
      if found then
        update change_stamp set stamp = gen_random_uuid()::text where owner = told and name = table_name and slot = free;
      else
        insert into change_stamp (owner, name, slot, stamp)
        values (told, table_name, ('x' || left(replace(gen_random_uuid()::text, '-', ''), 12))::bit(48)::bigint, gen_random_uuid()::text);
      end if;
      perform set_config('isocenter.stamped', stamped || mark, true);
      return null;
    end $$`.execute(db);
  for (const table of TABLES) {
    await sql
      .raw(
        `create trigger ${table}_stamp after insert or update or delete or truncate on ${table}
        for each statement execute function stamp_change('${table}')`,
      )
      .execute(db);
  }
}
