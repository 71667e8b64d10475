import { type Kysely, sql } from 'kysely';
import type { SystemDb } from '../platform/ports.ts';

/** The setting of a connection that says whose rows it may see. */
export const TENANT_SETTING = 'isocenter.tenant';
/** What the setting holds where rows of all tenants are worked on; no tenant's id can be this. */
export const ALL_TENANTS = '*';

/** Whether the role of a connection is past row security: then only the rewriting of statements keeps tenants apart. */
export async function bypassesRowSecurity(db: SystemDb): Promise<boolean> {
  const { rows } = await sql<{ bypasses: boolean }>`
    select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user`.execute(db);
  return rows[0]?.bypasses ?? false;
}

/**
 * Makes PostgreSQL itself keep a table's rows to the tenant that the connection was told, whoever owns the table: a connection that was
 * told nothing sees none. Superusers and roles with BYPASSRLS are past it, so the program should not run as one.
 */
export async function secureRows(db: Kysely<unknown>, table: string): Promise<void> {
  const name = sql.table(table);
  await sql`alter table ${name} enable row level security`.execute(db);
  await sql`alter table ${name} force row level security`.execute(db);
  // As a query of its own the setting is read once for a statement, not for each row.
  const told = sql.raw(`(select current_setting('${TENANT_SETTING}', true))`);
  await sql`create policy tenant_rows on ${name} using (${told} in (tenant_id, ${sql.lit(ALL_TENANTS)}))`.execute(db);
}
